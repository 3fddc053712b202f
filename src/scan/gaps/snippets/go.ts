import { type Snippets, snippet } from "./snippet.ts";

const serve = (handler: string) => `
// imports: context, errors, log, net/http, os/signal, syscall, time
server := &http.Server{Addr: ":" + port, Handler: ${handler}, ReadHeaderTimeout: 5 * time.Second}
ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
defer stop()
go func() {
	<-ctx.Done()
	// Open requests may end within ten seconds.
	last, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = server.Shutdown(last)
}()
if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
	log.Fatal(err)
}`;

const LOGGING = snippet(`
// imports: log/slog, os
slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))`);

const PROMHTTP = "// go get github.com/prometheus/client_golang/prometheus/promhttp";

export const gin: Snippets = {
  health: snippet(`
r.GET("/healthz", func(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"status": "ok"})
})`),
  shutdown: snippet(serve("r")),
  metrics: snippet(`
${PROMHTTP}
r.GET("/metrics", gin.WrapH(promhttp.Handler()))`),
  logging: LOGGING,
};

export const echo: Snippets = {
  health: snippet(`
e.GET("/healthz", func(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
})`),
  shutdown: snippet(`
// imports: context, errors, net/http, os/signal, syscall, time
ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
defer stop()
go func() {
	if err := e.Start(":" + port); !errors.Is(err, http.ErrServerClosed) {
		e.Logger.Fatal(err)
	}
}()
<-ctx.Done()
last, cancel := context.WithTimeout(context.Background(), 10*time.Second)
defer cancel()
if err := e.Shutdown(last); err != nil {
	e.Logger.Fatal(err)
}`),
  metrics: snippet(`
// go get github.com/labstack/echo-contrib/echoprometheus
e.Use(echoprometheus.NewMiddleware("app"))
e.GET("/metrics", echoprometheus.NewHandler())`),
  logging: LOGGING,
};

export const chi: Snippets = {
  health: snippet(`
r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(\`{"status":"ok"}\`))
})`),
  shutdown: snippet(serve("r")),
  metrics: snippet(`
${PROMHTTP}
r.Handle("/metrics", promhttp.Handler())`),
  logging: LOGGING,
};

export const netHttp: Snippets = {
  health: snippet(`
http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(\`{"status":"ok"}\`))
})`),
  shutdown: snippet(serve("http.DefaultServeMux")),
  metrics: snippet(`
${PROMHTTP}
http.Handle("/metrics", promhttp.Handler())`),
  logging: LOGGING,
};

export const fiber: Snippets = {
  health: snippet(`
app.Get("/healthz", func(c *fiber.Ctx) error {
	return c.JSON(fiber.Map{"status": "ok"})
})`),
  shutdown: snippet(`
// imports: log, os/signal, syscall, time, context
ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
defer stop()
go func() {
	<-ctx.Done()
	_ = app.ShutdownWithTimeout(10 * time.Second)
}()
if err := app.Listen(":" + port); err != nil {
	log.Fatal(err)
}`),
  metrics: snippet(`
// go get github.com/gofiber/fiber/v2/middleware/adaptor github.com/prometheus/client_golang/prometheus/promhttp
app.Get("/metrics", adaptor.HTTPHandler(promhttp.Handler()))`),
  logging: LOGGING,
};
