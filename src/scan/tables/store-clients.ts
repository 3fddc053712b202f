import type { Ecosystem } from "../declared/dependency.ts";

/**
 * Client packages of stores, by ecosystem and kind. `package=name` says under which name code uses it, `package=a|b` under which ones,
 * where that is not the package's own; `package!` is set up by its presence alone, `package=` is only there for others.
 */
export const STORE_CLIENTS: Record<Ecosystem, Record<string, string>> = {
  npm: {
    postgres:
      "pg postgres pg-promise pg-native= pg-pool slonik @neondatabase/serverless @vercel/postgres @databases/pg pg-boss graphile-worker graphile-migrate " +
      "connect-pg-simple postgraphile @keyv/postgres @mikro-orm/postgresql @payloadcms/db-postgres @payloadcms/db-vercel-postgres @prisma/adapter-pg typeorm-postgres= " +
      "node-pg-migrate massive @fastify/postgres fastify-postgres pg-query-stream",
    mysql:
      "mysql mysql2 @mysql/xdevapi @mikro-orm/mysql @planetscale/database @keyv/mysql @fastify/mysql express-mysql-session promise-mysql @databases/mysql",
    mariadb: "mariadb @mikro-orm/mariadb @prisma/adapter-mariadb",
    sqlite:
      "sqlite3 better-sqlite3 sqlite bun:sqlite node:sqlite @mikro-orm/sqlite @mikro-orm/better-sqlite @payloadcms/db-sqlite connect-sqlite3 @keyv/sqlite better-sqlite3-session-store",
    mongodb:
      "mongodb mongoose monk mongojs @nestjs/mongoose connect-mongo connect-mongodb-session @mikro-orm/mongodb @payloadcms/db-mongodb typegoose @typegoose/typegoose @fastify/mongodb agenda @keyv/mongo papr",
    redis:
      "redis ioredis handy-redis @redis/client @upstash/redis @vercel/kv bull bullmq bee-queue kue @nestjs/bull @nestjs/bullmq connect-redis rate-limit-redis @socket.io/redis-adapter " +
      "socket.io-redis @fastify/redis fastify-redis @keyv/redis cache-manager-redis-store cache-manager-ioredis cache-manager-ioredis-yet cache-manager-redis-yet redlock @liaoliaots/nestjs-redis " +
      "@nestjs-modules/ioredis node-resque rsmq adonis-redis @adonisjs/redis @socket.io/redis-streams-adapter",
    valkey: "iovalkey @valkey/valkey-glide",
    elasticsearch: "@elastic/elasticsearch elasticsearch @nestjs/elasticsearch @elastic/enterprise-search",
    opensearch: "@opensearch-project/opensearch",
    rabbitmq:
      "amqplib amqp-connection-manager @golevelup/nestjs-rabbitmq rascal rabbitmq-client amqp @cloudamqp/amqp-client foo-foo-mq ",
    kafka: "kafkajs node-rdkafka @confluentinc/kafka-javascript kafka-node @platformatic/kafka",
    nats: "nats @nats-io/nats-core @nats-io/transport-node @nats-io/jetstream ",
    s3: "@aws-sdk/client-s3 @aws-sdk/lib-storage @aws-sdk/s3-request-presigner multer-s3 multer-s3-transform s3-upload-stream @payloadcms/storage-s3 aws-s3 next-s3-upload knox",
    minio: "minio nestjs-minio nestjs-minio-client",
    memcached: "memcached memjs memcache-client memcache-plus cache-manager-memcached-store",
    dynamodb: "@aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb dynamoose dynamodb-toolbox electrodb dynamodb-onetable",
    clickhouse: "@clickhouse/client clickhouse @apla/clickhouse",
    meilisearch: "meilisearch",
    qdrant: "@qdrant/js-client-rest @qdrant/qdrant-js @langchain/qdrant",
    weaviate: "weaviate-client weaviate-ts-client @langchain/weaviate",
    neo4j: "neo4j-driver @neo4j/graphql neo4j-driver-lite",
    cassandra: "cassandra-driver express-cassandra",
    sqlserver: "mssql tedious msnodesqlv8 @mikro-orm/mssql",
    oracle: "oracledb",
    influxdb: "@influxdata/influxdb-client influx @influxdata/influxdb3-client",
  },
  pypi: {
    postgres:
      "psycopg2=psycopg2 psycopg2-binary=psycopg2 psycopg2cffi psycopg=psycopg psycopg-binary=psycopg asyncpg pg8000 aiopg py-postgresql=postgresql pygresql=pgdb psycopg-pool=psycopg_pool pgvector django-pgvector= langchain-postgres procrastinate",
    mysql:
      "mysqlclient=MySQLdb pymysql aiomysql asyncmy mysql-connector-python=mysql mysql-connector=mysql flask-mysqldb=flask_mysqldb flask-mysql=flaskext",
    mariadb: "mariadb",
    sqlite: "aiosqlite pysqlite3=pysqlite3 apsw sqlite-utils=sqlite_utils",
    mongodb:
      "pymongo motor mongoengine beanie odmantic djongo flask-pymongo=flask_pymongo flask-mongoengine=flask_mongoengine umongo bunnet",
    redis:
      "redis aioredis django-redis=django_redis channels-redis=channels_redis rq django-rq=django_rq arq hiredis= redis-om=redis_om flask-redis=flask_redis walrus coredis rq-scheduler=rq_scheduler taskiq-redis=taskiq_redis upstash-redis=upstash_redis flask-rq2=flask_rq2 redis-py-cluster=rediscluster",
    valkey: "valkey valkey-glide=glide django-valkey=django_valkey",
    elasticsearch:
      "elasticsearch elasticsearch-dsl=elasticsearch_dsl django-elasticsearch-dsl=django_elasticsearch_dsl elasticsearch7 elasticsearch8 langchain-elasticsearch",
    opensearch: "opensearch-py=opensearchpy django-opensearch-dsl=django_opensearch_dsl opensearch-dsl=opensearch_dsl",
    rabbitmq: "pika aio-pika=aio_pika librabbitmq amqpstorm nameko taskiq-aio-pika=taskiq_aio_pika aioamqp",
    kafka:
      "kafka-python=kafka kafka-python-ng=kafka confluent-kafka=confluent_kafka aiokafka faust faust-streaming=faust",
    nats: "nats-py=nats asyncio-nats-client=nats",
    s3: "s3fs django-s3-storage=django_s3_storage ",
    minio: "minio miniopy-async=miniopy_async",
    memcached: "python-memcached=memcache pymemcache pylibmc aiomcache django-pymemcache=",
    dynamodb: "pynamodb",
    clickhouse:
      "clickhouse-driver=clickhouse_driver clickhouse-connect=clickhouse_connect clickhouse-sqlalchemy=clickhouse_sqlalchemy aiochclient asynch",
    meilisearch:
      "meilisearch meilisearch-python-async=meilisearch_python_async meilisearch-python-sdk=meilisearch_python_sdk",
    qdrant:
      "qdrant-client=qdrant_client langchain-qdrant=langchain_qdrant llama-index-vector-stores-qdrant=llama_index.vector_stores.qdrant",
    weaviate: "weaviate-client=weaviate langchain-weaviate=langchain_weaviate",
    neo4j: "neo4j neomodel py2neo neo4j-driver=neo4j django-neomodel=django_neomodel",
    cassandra: "cassandra-driver=cassandra scylla-driver=cassandra acsylla",
    sqlserver: "pymssql mssql-django=mssql django-mssql-backend=sql_server",
    oracle: "cx-oracle=cx_Oracle oracledb",
    influxdb: "influxdb influxdb-client=influxdb_client influxdb3-python=influxdb_client_3",
  },
  go: {
    postgres:
      "github.com/lib/pq github.com/jackc/pgx github.com/jackc/pgconn github.com/go-pg/pg gorm.io/driver/postgres github.com/jinzhu/gorm/dialects/postgres github.com/uptrace/bun/driver/pgdriver github.com/uptrace/bun/dialect/pgdialect github.com/riverqueue/river",
    mysql:
      "github.com/go-sql-driver/mysql gorm.io/driver/mysql github.com/jinzhu/gorm/dialects/mysql github.com/uptrace/bun/dialect/mysqldialect github.com/go-mysql-org/go-mysql",
    sqlite:
      "github.com/mattn/go-sqlite3 modernc.org/sqlite gorm.io/driver/sqlite github.com/glebarez/sqlite github.com/glebarez/go-sqlite github.com/ncruces/go-sqlite3 zombiezen.com/go/sqlite crawshaw.io/sqlite github.com/jinzhu/gorm/dialects/sqlite ",
    mongodb: "go.mongodb.org/mongo-driver gopkg.in/mgo.v2 github.com/globalsign/mgo github.com/qiniu/qmgo",
    redis:
      "github.com/redis/go-redis github.com/go-redis/redis github.com/gomodule/redigo github.com/garyburd/redigo github.com/redis/rueidis github.com/hibiken/asynq github.com/gocraft/work github.com/mediocregopher/radix github.com/go-redsync/redsync",
    valkey: "github.com/valkey-io/valkey-go github.com/valkey-io/valkey-glide",
    elasticsearch: "github.com/elastic/go-elasticsearch github.com/olivere/elastic",
    opensearch: "github.com/opensearch-project/opensearch-go",
    rabbitmq:
      "github.com/streadway/amqp github.com/rabbitmq/amqp091-go github.com/wagslane/go-rabbitmq github.com/ThreeDotsLabs/watermill-amqp",
    kafka:
      "github.com/segmentio/kafka-go github.com/Shopify/sarama github.com/IBM/sarama github.com/confluentinc/confluent-kafka-go github.com/twmb/franz-go github.com/ThreeDotsLabs/watermill-kafka github.com/lovoo/goka",
    nats: "github.com/nats-io/nats.go github.com/nats-io/stan.go",
    s3: "github.com/aws/aws-sdk-go-v2/service/s3 github.com/aws/aws-sdk-go-v2/feature/s3 github.com/aws/aws-sdk-go/service/s3",
    minio: "github.com/minio/minio-go",
    memcached: "github.com/bradfitz/gomemcache",
    dynamodb:
      "github.com/aws/aws-sdk-go-v2/service/dynamodb github.com/aws/aws-sdk-go/service/dynamodb github.com/guregu/dynamo",
    clickhouse: "github.com/ClickHouse/clickhouse-go github.com/ClickHouse/ch-go gorm.io/driver/clickhouse",
    meilisearch: "github.com/meilisearch/meilisearch-go",
    qdrant: "github.com/qdrant/go-client",
    weaviate: "github.com/weaviate/weaviate-go-client",
    neo4j: "github.com/neo4j/neo4j-go-driver",
    cassandra: "github.com/gocql/gocql github.com/scylladb/gocqlx github.com/apache/cassandra-gocql-driver",
    sqlserver: "github.com/microsoft/go-mssqldb github.com/denisenkom/go-mssqldb gorm.io/driver/sqlserver",
    oracle: "github.com/godror/godror github.com/sijms/go-ora github.com/mattn/go-oci8",
    influxdb:
      "github.com/influxdata/influxdb-client-go github.com/influxdata/influxdb1-client github.com/InfluxCommunity/influxdb3-go",
  },
  cargo: {
    postgres:
      "tokio-postgres postgres deadpool-postgres bb8-postgres r2d2_postgres diesel-async= sqlx-postgres= pgvector",
    mysql: "mysql mysql_async",
    sqlite: "rusqlite tokio-rusqlite async-sqlite",
    mongodb: "mongodb",
    redis: "redis deadpool-redis bb8-redis fred redis-async apalis-redis rustis",
    elasticsearch: "elasticsearch",
    opensearch: "opensearch",
    rabbitmq: "lapin amqprs amiquip deadpool-lapin",
    kafka: "rdkafka kafka rskafka",
    nats: "async-nats nats",
    s3: "aws-sdk-s3 rust-s3=s3 rusoto_s3",
    minio: "minio",
    memcached: "memcache async-memcached",
    dynamodb: "aws-sdk-dynamodb rusoto_dynamodb",
    clickhouse: "clickhouse clickhouse-rs=clickhouse_rs klickhouse",
    meilisearch: "meilisearch-sdk",
    qdrant: "qdrant-client",
    neo4j: "neo4rs",
    cassandra: "scylla cdrs-tokio cassandra-cpp",
    sqlserver: "tiberius bb8-tiberius",
    oracle: "oracle sibyl",
    influxdb: "influxdb influxdb2",
  },
  maven: {
    postgres:
      "org.postgresql:postgresql=org.postgresql org.postgresql:r2dbc-postgresql! io.r2dbc:r2dbc-postgresql! io.quarkus:quarkus-jdbc-postgresql! io.quarkus:quarkus-reactive-pg-client! io.vertx:vertx-pg-client=io.vertx.pgclient com.impossibl.pgjdbc-ng:pgjdbc-ng=com.impossibl com.github.jasync-sql:jasync-postgresql=com.github.jasync",
    mysql:
      "com.mysql:mysql-connector-j=com.mysql mysql:mysql-connector-java=com.mysql io.asyncer:r2dbc-mysql! dev.miku:r2dbc-mysql! io.quarkus:quarkus-jdbc-mysql! io.quarkus:quarkus-reactive-mysql-client! io.vertx:vertx-mysql-client=io.vertx.mysqlclient",
    mariadb:
      "org.mariadb.jdbc:mariadb-java-client=org.mariadb io.quarkus:quarkus-jdbc-mariadb! org.mariadb:r2dbc-mariadb!",
    sqlite: "org.xerial:sqlite-jdbc=org.sqlite",
    mongodb:
      "org.springframework.boot:spring-boot-starter-data-mongodb! org.springframework.boot:spring-boot-starter-data-mongodb-reactive! org.mongodb:mongodb-driver-sync=com.mongodb org.mongodb:mongodb-driver-kotlin-coroutine=com.mongodb org.mongodb:mongo-java-driver=com.mongodb io.quarkus:quarkus-mongodb-client! io.quarkus:quarkus-mongodb-panache! io.micronaut.mongodb:micronaut-mongo-sync! org.litote.kmongo:kmongo=org.litote org.litote.kmongo:kmongo-coroutine=org.litote dev.morphia.morphia:morphia-core=dev.morphia",
    redis:
      "org.springframework.boot:spring-boot-starter-data-redis! org.springframework.boot:spring-boot-starter-data-redis-reactive! org.springframework.session:spring-session-data-redis! redis.clients:jedis=redis.clients io.lettuce:lettuce-core=io.lettuce org.redisson:redisson=org.redisson org.redisson:redisson-spring-boot-starter! io.quarkus:quarkus-redis-client! io.micronaut.redis:micronaut-redis-lettuce!",
    valkey: "io.valkey:valkey-java=io.valkey",
    elasticsearch:
      "org.springframework.boot:spring-boot-starter-data-elasticsearch! co.elastic.clients:elasticsearch-java=co.elastic org.elasticsearch.client:elasticsearch-rest-high-level-client=org.elasticsearch org.elasticsearch.client:elasticsearch-rest-client=org.elasticsearch io.quarkus:quarkus-elasticsearch-java-client!",
    opensearch:
      "org.opensearch.client:opensearch-java=org.opensearch org.opensearch.client:spring-data-opensearch-starter! org.opensearch.client:opensearch-rest-high-level-client=org.opensearch",
    rabbitmq:
      "org.springframework.boot:spring-boot-starter-amqp! com.rabbitmq:amqp-client=com.rabbitmq org.springframework.cloud:spring-cloud-stream-binder-rabbit! org.springframework.cloud:spring-cloud-starter-stream-rabbit! io.quarkus:quarkus-messaging-rabbitmq! io.quarkus:quarkus-smallrye-reactive-messaging-rabbitmq!",
    kafka:
      "org.springframework.kafka:spring-kafka=org.springframework.kafka org.apache.kafka:kafka-clients=org.apache.kafka org.apache.kafka:kafka-streams=org.apache.kafka io.projectreactor.kafka:reactor-kafka=reactor.kafka org.springframework.cloud:spring-cloud-stream-binder-kafka! org.springframework.cloud:spring-cloud-starter-stream-kafka! io.quarkus:quarkus-messaging-kafka! io.quarkus:quarkus-smallrye-reactive-messaging-kafka! io.quarkus:quarkus-kafka-client! io.micronaut.kafka:micronaut-kafka!",
    nats: "io.nats:jnats=io.nats",
    s3: "software.amazon.awssdk:s3=software.amazon.awssdk.services.s3 com.amazonaws:aws-java-sdk-s3=com.amazonaws.services.s3 io.awspring.cloud:spring-cloud-aws-starter-s3! io.quarkiverse.amazonservices:quarkus-amazon-s3! aws.sdk.kotlin:s3=aws.sdk.kotlin.services.s3",
    minio: "io.minio:minio=io.minio",
    memcached: "net.spy:spymemcached=net.spy com.googlecode.xmemcached:xmemcached=net.rubyeye",
    dynamodb:
      "software.amazon.awssdk:dynamodb=software.amazon.awssdk.services.dynamodb software.amazon.awssdk:dynamodb-enhanced=software.amazon.awssdk.enhanced com.amazonaws:aws-java-sdk-dynamodb=com.amazonaws.services.dynamodbv2",
    clickhouse:
      "com.clickhouse:clickhouse-jdbc=com.clickhouse com.clickhouse:client-v2=com.clickhouse ru.yandex.clickhouse:clickhouse-jdbc=ru.yandex",
    meilisearch: "com.meilisearch.sdk:meilisearch-java=com.meilisearch",
    qdrant: "io.qdrant:client=io.qdrant org.springframework.ai:spring-ai-starter-vector-store-qdrant!",
    weaviate: "io.weaviate:client=io.weaviate",
    neo4j:
      "org.springframework.boot:spring-boot-starter-data-neo4j! org.neo4j.driver:neo4j-java-driver=org.neo4j org.neo4j:neo4j-ogm-core=org.neo4j io.quarkus:quarkus-neo4j!",
    cassandra:
      "org.springframework.boot:spring-boot-starter-data-cassandra! org.springframework.boot:spring-boot-starter-data-cassandra-reactive! com.datastax.oss:java-driver-core=com.datastax com.datastax.cassandra:cassandra-driver-core=com.datastax",
    sqlserver:
      "com.microsoft.sqlserver:mssql-jdbc=com.microsoft.sqlserver io.r2dbc:r2dbc-mssql! io.quarkus:quarkus-jdbc-mssql!",
    oracle:
      "com.oracle.database.jdbc:ojdbc8=oracle.jdbc com.oracle.database.jdbc:ojdbc11=oracle.jdbc com.oracle.database.jdbc:ojdbc17=oracle.jdbc com.oracle.ojdbc:ojdbc8=oracle.jdbc io.quarkus:quarkus-jdbc-oracle!",
    influxdb: "com.influxdb:influxdb-client-java=com.influxdb org.influxdb:influxdb-java=org.influxdb",
  },
  rubygems: {
    postgres: "pg=PG good_job! que! activerecord-postgis-adapter! pgvector= neighbor= queue_classic!",
    mysql: "mysql2=Mysql2 trilogy=Trilogy",
    sqlite: "sqlite3=SQLite3",
    mongodb: "mongoid! mongo=Mongo mongo_mapper!",
    redis:
      "redis=Redis sidekiq=Sidekiq redis-rails! hiredis= resque=Resque redis-actionpack! redis-namespace=Redis redis-client=RedisClient resque-scheduler= kredis! sidekiq-cron= redis-store! readthis!",
    elasticsearch: "elasticsearch=Elasticsearch elasticsearch-rails! elasticsearch-model! chewy!",
    opensearch: "opensearch-ruby=OpenSearch",
    rabbitmq: "bunny=Bunny sneakers=Sneakers hutch=Hutch advanced-sneakers-activejob! kicks=Sneakers",
    kafka: "ruby-kafka=Kafka rdkafka=Rdkafka karafka! racecar! delivery_boy! waterdrop=WaterDrop phobos!",
    nats: "nats-pure=NATS nats=NATS",
    s3: "aws-sdk-s3=Aws::S3 shrine=Shrine::Storage::S3",
    memcached: "dalli=Dalli memcached=Memcached",
    dynamodb: "dynamoid! aws-sdk-dynamodb=Aws::DynamoDB",
    clickhouse: "clickhouse-activerecord! click_house=ClickHouse",
    meilisearch: "meilisearch=MeiliSearch meilisearch-rails! meilisearch_rails!",
    qdrant: "qdrant-ruby=Qdrant",
    weaviate: "weaviate-ruby=Weaviate",
    neo4j: "neo4j! activegraph! neo4j-ruby-driver=Neo4j",
    cassandra: "cassandra-driver=Cassandra",
    sqlserver: "activerecord-sqlserver-adapter! tiny_tds=TinyTds",
    oracle: "activerecord-oracle_enhanced-adapter! ruby-oci8=OCI8",
    influxdb: "influxdb=InfluxDB influxdb-client=InfluxDB2 influxdb-rails!",
  },
  packagist: {
    postgres: "ext-pgsql= ext-pdo_pgsql= amphp/postgres=Amp\\Postgres",
    mysql: "ext-mysqli= ext-pdo_mysql= ext-mysqlnd= amphp/mysql=Amp\\Mysql",
    sqlite: "ext-sqlite3= ext-pdo_sqlite=",
    mongodb:
      "mongodb/mongodb=MongoDB mongodb/laravel-mongodb=MongoDB jenssegers/mongodb=Jenssegers doctrine/mongodb-odm=Doctrine\\ODM\\MongoDB doctrine/mongodb-odm-bundle! ext-mongodb=",
    redis: "predis/predis=Predis ext-redis=Redis snc/redis-bundle! laravel/horizon! symfony/redis-messenger!",
    elasticsearch:
      "elasticsearch/elasticsearch=Elastic|Elasticsearch ruflin/elastica=Elastica friendsofsymfony/elastica-bundle! matchish/laravel-scout-elasticsearch!",
    opensearch: "opensearch-project/opensearch-php=OpenSearch",
    rabbitmq:
      "php-amqplib/php-amqplib=PhpAmqpLib bunny/bunny=Bunny vladimir-yuldashev/laravel-queue-rabbitmq! php-amqplib/rabbitmq-bundle! symfony/amqp-messenger! ext-amqp=",
    kafka: "ext-rdkafka=RdKafka mateusjunges/laravel-kafka=Junges longlang/phpkafka=longlang",
    nats: "basis-company/nats=Basis\\Nats",
    s3: "league/flysystem-aws-s3-v3= async-aws/s3=AsyncAws\\S3 league/flysystem-async-aws-s3=",
    memcached: "ext-memcached=Memcached ext-memcache=Memcache",
    dynamodb: "async-aws/dynamo-db=AsyncAws\\DynamoDb baopham/dynamodb=BaoPham",
    clickhouse: "smi2/phpclickhouse=ClickHouseDB",
    meilisearch: "meilisearch/meilisearch-php=Meilisearch meilisearch/search-bundle!",
    neo4j: "laudis/neo4j-php-client=Laudis",
    sqlserver: "ext-sqlsrv= ext-pdo_sqlsrv=",
    oracle: "ext-oci8= yajra/laravel-oci8!",
    influxdb: "influxdata/influxdb-client-php=InfluxDB2",
  },
  nuget: {
    postgres:
      "npgsql=Npgsql npgsql.entityframeworkcore.postgresql=Npgsql npgsql.entityframeworkcore.postgresql.nettopologysuite=Npgsql aspire.npgsql! aspire.npgsql.entityframeworkcore.postgresql! marten=Marten hangfire.postgresql=Hangfire.PostgreSql",
    mysql:
      "mysql.data=MySql mysqlconnector=MySqlConnector pomelo.entityframeworkcore.mysql=Pomelo mysql.entityframeworkcore=MySql aspire.mysqlconnector!",
    sqlite:
      "microsoft.data.sqlite=Microsoft.Data.Sqlite microsoft.entityframeworkcore.sqlite=Microsoft.Data.Sqlite system.data.sqlite=System.Data.SQLite system.data.sqlite.core=System.Data.SQLite sqlite-net-pcl=SQLite ",
    mongodb:
      "mongodb.driver=MongoDB mongodb.entityframeworkcore=MongoDB aspire.mongodb.driver! aspnetcore.identity.mongodbcore!",
    redis:
      "stackexchange.redis=StackExchange.Redis microsoft.extensions.caching.stackexchangeredis=StackExchange.Redis servicestack.redis=ServiceStack.Redis aspire.stackexchange.redis! aspire.stackexchange.redis.distributedcaching! microsoft.aspnetcore.signalr.stackexchangeredis! freeredis=FreeRedis csredis=CSRedis csrediscore=CSRedis",
    elasticsearch: "elastic.clients.elasticsearch=Elastic nest=Nest elasticsearch.net=Elasticsearch",
    opensearch: "opensearch.client=OpenSearch opensearch.net=OpenSearch",
    rabbitmq:
      "rabbitmq.client=RabbitMQ masstransit.rabbitmq! easynetq=EasyNetQ aspire.rabbitmq.client! rebus.rabbitmq! wolverinefx.rabbitmq! dotnetcore.cap.rabbitmq!",
    kafka: "confluent.kafka=Confluent masstransit.kafka! aspire.confluent.kafka! kafkaflow=KafkaFlow",
    nats: "nats.client=NATS nats.net=NATS nats.client.core=NATS",
    s3: "awssdk.s3=Amazon.S3",
    minio: "minio=Minio",
    memcached: "enyimmemcachedcore=Enyim enyimmemcached=Enyim",
    dynamodb: "awssdk.dynamodbv2=Amazon.DynamoDBv2",
    clickhouse: "clickhouse.client=ClickHouse clickhouse.driver=ClickHouse octonica.clickhouseclient=Octonica",
    meilisearch: "meilisearch=Meilisearch",
    qdrant: "qdrant.client=Qdrant",
    weaviate: "weaviate.client=Weaviate",
    neo4j: "neo4j.driver=Neo4j neo4jclient=Neo4jClient",
    cassandra: "cassandracsharpdriver=Cassandra",
    sqlserver:
      "microsoft.entityframeworkcore.sqlserver= microsoft.data.sqlclient=Microsoft.Data.SqlClient system.data.sqlclient=System.Data.SqlClient aspire.microsoft.entityframeworkcore.sqlserver! hangfire.sqlserver=Hangfire.SqlServer",
    oracle: "oracle.manageddataaccess.core=Oracle oracle.entityframeworkcore=Oracle oracle.manageddataaccess=Oracle",
    influxdb: "influxdb.client=InfluxDB influxdb3.client=InfluxDB3",
  },
  hex: {
    postgres: "postgrex=Postgrex pgvector= geo_postgis= eventstore!",
    mysql: "myxql=MyXQL mariaex=Mariaex",
    sqlite: "ecto_sqlite3=Exqlite exqlite=Exqlite",
    mongodb: "mongodb_driver=Mongo mongodb=Mongo",
    redis: "redix=Redix phoenix_pubsub_redis! exq! hammer_backend_redis! nebulex_redis_adapter!",
    elasticsearch: "elasticsearch=Elasticsearch snap=Snap",
    rabbitmq: "amqp=AMQP broadway_rabbitmq=BroadwayRabbitMQ",
    kafka: "brod=:brod broadway_kafka=BroadwayKafka kafka_ex=KafkaEx kaffe=Kaffe elsa=Elsa",
    nats: "gnat=Gnat",
    s3: "ex_aws_s3=ExAws.S3 ",
    memcached: "memcachex=Memcache",
    dynamodb: "ex_aws_dynamo=ExAws.Dynamo",
    clickhouse: "ch=Ch ecto_ch=Ecto.Adapters.ClickHouse clickhouse_ecto=ClickhouseEcto",
    meilisearch: "meilisearch=Meilisearch meilisearch_ex=Meilisearch",
    neo4j: "bolt_sips=Bolt.Sips boltx=Boltx",
    cassandra: "xandra=Xandra",
    sqlserver: "tds=Tds",
    influxdb: "instream=Instream",
  },
};
