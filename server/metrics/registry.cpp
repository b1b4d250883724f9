#include "metrics/registry.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace mypost::metrics {

namespace {

std::string render(Labels const& labels) {
    std::string text;
    for (auto const& [key, value] : labels) {
        if (!text.empty()) text += ',';
        text += key;
        text += "=\"";
        for (char c : value) {
            if (c == '\\' || c == '"') text += '\\';
            if (c == '\n') {
                text += "\\n";
            } else {
                text += c;
            }
        }
        text += '"';
    }
    return text;
}

std::string with_labels(std::string const& name, std::string const& labels, std::string const& more = {}) {
    if (labels.empty() && more.empty()) return name;
    return fmt::format("{}{{{}{}{}}}", name, labels, labels.empty() || more.empty() ? "" : ",", more);
}

}  // namespace

void Registry::declare(std::string name, std::string help, std::string type, std::vector<double> bounds) {
    auto& family = families_[std::move(name)];
    family.help = std::move(help);
    family.type = std::move(type);
    family.bounds = std::move(bounds);
}

void Registry::counter(std::string name, std::string help) {
    declare(std::move(name), std::move(help), "counter", {});
}
void Registry::gauge(std::string name, std::string help) {
    declare(std::move(name), std::move(help), "gauge", {});
}
void Registry::histogram(std::string name, std::string help, std::vector<double> bounds) {
    declare(std::move(name), std::move(help), "histogram", std::move(bounds));
}

Registry::Family& Registry::family(std::string_view name) {
    auto const found = families_.find(name);
    if (found == families_.end()) throw std::logic_error(fmt::format("metric {} is not declared", name));
    return found->second;
}

void Registry::add(std::string_view name, Labels const& labels, double amount) {
    family(name).series[render(labels)].value += amount;
}

void Registry::set(std::string_view name, Labels const& labels, double value) {
    family(name).series[render(labels)].value = value;
}

void Registry::observe(std::string_view name, Labels const& labels, double value) {
    Family& target = family(name);
    Series& series = target.series[render(labels)];
    series.buckets.resize(target.bounds.size() + 1);
    std::size_t bucket = 0;
    while (bucket < target.bounds.size() && value > target.bounds[bucket]) ++bucket;
    ++series.buckets[bucket];
    ++series.count;
    series.value += value;
}

std::string Registry::text() const {
    std::string out;
    for (auto const& [name, family] : families_) {
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.type);
        for (auto const& [labels, series] : family.series) {
            if (family.type != "histogram") {
                out += fmt::format("{} {}\n", with_labels(name, labels), series.value);
                continue;
            }
            std::uint64_t cumulated = 0;
            for (std::size_t i = 0; i < series.buckets.size(); ++i) {
                cumulated += series.buckets[i];
                std::string const bound =
                    i < family.bounds.size() ? fmt::format("{}", family.bounds[i]) : "+Inf";
                out += fmt::format("{} {}\n", with_labels(name + "_bucket", labels, "le=\"" + bound + "\""),
                                   cumulated);
            }
            out += fmt::format("{} {}\n{} {}\n", with_labels(name + "_sum", labels), series.value,
                               with_labels(name + "_count", labels), series.count);
        }
    }
    return out;
}

}  // namespace mypost::metrics
