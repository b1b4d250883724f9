// Counters, gauges and histograms in Prometheus' text format.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mypost::metrics {

// Label names and values, e.g. {{"route", "/workspaces/{workspace}/posts"}}. Keep the values few: never ids.
using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

// One thread: the event loop.
class Registry {
  public:
    // Names and help are given once, at start; an unknown name throws std::logic_error.
    void counter(std::string name, std::string help);
    void gauge(std::string name, std::string help);
    // `bounds`: upper bounds in ascending order; +Inf is added.
    void histogram(std::string name, std::string help, std::vector<double> bounds);

    void add(std::string_view name, Labels const& labels, double amount = 1);
    void set(std::string_view name, Labels const& labels, double value);
    void observe(std::string_view name, Labels const& labels, double value);

    // The whole exposition (text/plain; version=0.0.4).
    std::string text() const;

  private:
    struct Series {
        double value = 0;                    // counters and gauges; sum of a histogram
        std::vector<std::uint64_t> buckets;  // per bound, not cumulated; the last is +Inf
        std::uint64_t count = 0;
    };
    struct Family {
        std::string help;
        std::string type;
        std::vector<double> bounds;
        std::map<std::string, Series> series;  // by rendered labels
    };
    Family& family(std::string_view name);
    void declare(std::string name, std::string help, std::string type, std::vector<double> bounds);

    std::map<std::string, Family, std::less<>> families_;
};

}  // namespace mypost::metrics
