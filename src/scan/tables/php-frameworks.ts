/** How a framework of PHP is told, and which folder it publishes. */
export interface PhpFramework {
  id: string;
  packages: readonly string[];
  /** Files that show it; with the package it is certain. */
  files: readonly string[];
  /** Folders with the front controller, the usual first. */
  roots: readonly string[];
}

/** The more specific before what it is built on. */
export const PHP_FRAMEWORKS: readonly PhpFramework[] = [
  { id: "lumen", packages: ["laravel/lumen-framework"], files: ["artisan"], roots: ["public"] },
  { id: "laravel", packages: ["laravel/framework"], files: ["artisan", "bootstrap/app.php"], roots: ["public"] },
  {
    id: "drupal",
    packages: ["drupal/core", "drupal/core-recommended"],
    files: ["web/index.php", "core/lib/Drupal.php"],
    roots: ["web", "docroot", "."],
  },
  { id: "craft", packages: ["craftcms/cms"], files: ["craft"], roots: ["web", "public"] },
  { id: "magento", packages: ["magento/product-community-edition"], files: ["bin/magento"], roots: ["pub"] },
  { id: "typo3", packages: ["typo3/cms-core"], files: [], roots: ["public"] },
  { id: "shopware", packages: ["shopware/core"], files: ["bin/console"], roots: ["public"] },
  {
    id: "symfony",
    packages: ["symfony/framework-bundle", "symfony/symfony"],
    files: ["bin/console", "config/bundles.php", "app/AppKernel.php", "src/Kernel.php"],
    roots: ["public", "web"],
  },
  { id: "cakephp", packages: ["cakephp/cakephp"], files: ["bin/cake", "config/app.php"], roots: ["webroot"] },
  {
    id: "codeigniter",
    packages: ["codeigniter4/framework", "codeigniter4/codeigniter4", "codeigniter/framework"],
    files: ["spark", "system/core/CodeIgniter.php"],
    roots: ["public", "."],
  },
  { id: "yii", packages: ["yiisoft/yii2", "yiisoft/yii"], files: ["yii"], roots: ["web", "public"] },
  { id: "mezzio", packages: ["mezzio/mezzio"], files: [], roots: ["public"] },
  { id: "laminas", packages: ["laminas/laminas-mvc"], files: [], roots: ["public"] },
  { id: "slim", packages: ["slim/slim"], files: [], roots: ["public"] },
  { id: "leaf", packages: ["leafs/leaf"], files: [], roots: ["public", "."] },
  { id: "flight", packages: ["mikecao/flight", "flightphp/core"], files: [], roots: ["public", "."] },
  { id: "fat-free", packages: ["bcosca/fatfree", "bcosca/fatfree-core"], files: [], roots: ["public", "."] },
  {
    id: "wordpress",
    packages: ["johnpbloch/wordpress", "roots/wordpress", "roots/bedrock"],
    files: ["wp-config.php", "wp-config-sample.php", "wp-load.php", "config/application.php"],
    roots: ["web", "."],
  },
];

/** Frameworks that bring a server of their own: one process that stays. */
export const PHP_SERVERS: readonly {
  id: string;
  packages: readonly string[];
  file: string;
  command: string;
  port: number;
}[] = [
  {
    id: "hyperf",
    packages: ["hyperf/http-server"],
    file: "bin/hyperf.php",
    command: "php bin/hyperf.php start",
    port: 9501,
  },
  {
    id: "webman",
    packages: ["workerman/webman-framework"],
    file: "start.php",
    command: "php start.php start",
    port: 8787,
  },
];
