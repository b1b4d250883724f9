#include "sandbox/framework/faults.hpp"

#include <algorithm>

#include "sandbox/framework/fields.hpp"

namespace mypost::sandbox {

namespace {

constexpr std::string_view known_modes[] = {"status", "drop_before", "drop_after",       "timeout_after",
                                            "slow",   "rate_limit",  "processing_stuck", "processing_failed",
                                            "revoke", "reject_later"};

bool matches(Fault const& fault, FaultSubject const& subject) {
    if (fault.times <= 0 || fault.network != subject.network) return false;
    if (!fault.method.empty() && fault.method != subject.method) return false;
    if (!subject.path.starts_with(fault.path)) return false;
    return fault.account.empty() || fault.account == subject.account ||
           fault.account == subject.qualified_account;
}

}  // namespace

Result<Fault> Faults::add(std::string_view network, boost::json::value const& body) {
    Fields fields(body);
    Fault fault;
    fault.network = std::string(network);
    if (auto const match = fields.object("match")) {
        Fields inner(*match, "/match");
        fault.method = inner.text("method").value_or("");
        fault.path = inner.text("path").value_or("");
        fault.account = inner.text("account").value_or("");
        inner.refuse_unknown();
        fields.take_errors(inner);
    }
    std::transform(fault.method.begin(), fault.method.end(), fault.method.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    fault.mode = fields.required_text("mode");
    if (!fault.mode.empty() &&
        std::find(std::begin(known_modes), std::end(known_modes), fault.mode) == std::end(known_modes)) {
        fields.wrong("/mode", "invalid_choice",
                     "mode must be one of status, drop_before, drop_after, timeout_after, slow, rate_limit, "
                     "processing_stuck, processing_failed, revoke, reject_later.");
    }
    fault.status = fields.number("status", 100, 599).value_or(0);
    if (fault.mode == "status" && fault.status == 0)
        fields.wrong("/status", "required", "mode status needs a status.");
    fault.body = fields.any("body");
    fault.delay_ms = fields.number("delay_ms", 0, 3'600'000).value_or(-1);
    fault.times = fields.number("times", 1, 1'000'000'000).value_or(1);
    if (network == "bluesky" && fault.mode.starts_with("processing_")) {
        fields.wrong("/mode", "unsupported", "bluesky has no media processing in this sandbox yet.");
    }
    fields.refuse_unknown();
    if (auto error = fields.error()) return *std::move(error);
    fault.id = next_id++;
    list.push_back(fault);
    return fault;
}

std::optional<Fault> Faults::take(FaultSubject const& subject, std::set<std::string_view> const& modes) {
    for (auto& fault : list) {
        if (!modes.contains(fault.mode) || !matches(fault, subject)) continue;
        --fault.times;
        ++fault.taken;
        auto taken = fault;
        // A used-up fault stays visible among the last hundred, then goes.
        auto const used_up =
            std::count_if(list.begin(), list.end(), [](auto const& f) { return f.times <= 0; });
        if (used_up > 100)
            list.erase(std::find_if(list.begin(), list.end(), [](auto const& f) { return f.times <= 0; }));
        return taken;
    }
    return std::nullopt;
}

void Faults::clear(std::string_view network) {
    std::erase_if(list, [&](Fault const& fault) { return fault.network == network; });
}

boost::json::object to_json(Fault const& fault) {
    boost::json::object match;
    if (!fault.method.empty()) match["method"] = fault.method;
    if (!fault.path.empty()) match["path"] = fault.path;
    if (!fault.account.empty()) match["account"] = fault.account;
    boost::json::object result{{"id", fault.id},
                               {"match", match},
                               {"mode", fault.mode},
                               {"times", fault.times},
                               {"taken", fault.taken}};
    if (fault.status != 0) result["status"] = fault.status;
    if (!fault.body.is_null()) result["body"] = fault.body;
    if (fault.delay_ms >= 0) result["delay_ms"] = fault.delay_ms;
    return result;
}

}  // namespace mypost::sandbox
