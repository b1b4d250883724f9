#include "metrics/observers.hpp"

namespace mypost::metrics {

namespace {

double seconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1e6;
}

}  // namespace

void declare_all(Registry& registry) {
    registry.histogram("mypost_http_request_seconds", "Time to answer, by route template",
                       {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10});
    registry.counter("mypost_http_requests_total", "Answered requests by method, route template and status");
    registry.histogram("mypost_db_query_seconds", "Time of statements, by name",
                       {0.0005, 0.002, 0.01, 0.05, 0.25, 1, 5});
    registry.counter("mypost_db_query_errors_total", "Failed statements by name");
    registry.counter("mypost_network_calls_total", "Calls to social networks by outcome");
    registry.histogram("mypost_network_call_seconds", "Time of calls to social networks",
                       {0.05, 0.2, 1, 5, 20, 60});
    registry.counter("mypost_publish_outcomes_total",
                     "Runs of targets by the state they ended in and error code");
    registry.histogram("mypost_publish_lag_seconds", "Between the due time and the first call",
                       {0.5, 1, 2, 5, 15, 60, 300, 3600});
    registry.gauge("mypost_publish_due", "Targets that are due and not taken");
    registry.gauge("mypost_publish_running", "Targets that are being published");
    registry.counter("mypost_token_refreshes_total", "Token refreshes by outcome");
    registry.gauge("mypost_heartbeat_age_seconds", "Since the last heartbeat of a worker or periodic task");
    registry.gauge("mypost_queue_jobs", "Jobs by queue and state");
    registry.gauge("mypost_http_connections", "Open connections");
    registry.gauge("mypost_websockets", "Open WebSockets");
}

void Observers::answered(std::string_view method, std::string_view route, int status,
                         std::chrono::microseconds took) {
    std::string const code = std::to_string(status);
    std::string_view const known = route.empty() ? std::string_view("other") : route;
    registry_.add("mypost_http_requests_total", {{"method", method}, {"route", known}, {"status", code}});
    registry_.observe("mypost_http_request_seconds", {{"method", method}, {"route", known}}, seconds(took));
}

void Observers::observed(std::string_view name, std::chrono::microseconds took, bool failed) {
    registry_.observe("mypost_db_query_seconds", {{"query", name}}, seconds(took));
    if (failed) registry_.add("mypost_db_query_errors_total", {{"query", name}});
}

void Observers::call(std::string_view network, std::string_view outcome, std::chrono::milliseconds took) {
    registry_.add("mypost_network_calls_total", {{"network", network}, {"outcome", outcome}});
    registry_.observe("mypost_network_call_seconds", {{"network", network}}, seconds(took));
}

void Observers::settled(std::string_view network, std::string_view state, std::string_view code) {
    registry_.add("mypost_publish_outcomes_total", {{"network", network}, {"state", state}, {"code", code}});
}

void Observers::lag(std::string_view network, std::chrono::milliseconds lag) {
    registry_.observe("mypost_publish_lag_seconds", {{"network", network}}, seconds(lag));
}

void Observers::queue_depth(std::int64_t due, std::int64_t running) {
    registry_.set("mypost_publish_due", {}, static_cast<double>(due));
    registry_.set("mypost_publish_running", {}, static_cast<double>(running));
}

void Observers::refresh(std::string_view network, std::string_view outcome) {
    registry_.add("mypost_token_refreshes_total", {{"network", network}, {"outcome", outcome}});
}

}  // namespace mypost::metrics
