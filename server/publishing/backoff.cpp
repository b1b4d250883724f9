#include "publishing/backoff.hpp"

#include <algorithm>

namespace mypost::publishing {

Milliseconds backoff_delay(PublishSettings const& settings, int attempt, double random) {
    auto const max = Milliseconds(settings.backoff_max);
    Milliseconds delay = settings.backoff_base;
    for (int i = 1; i < attempt && delay < max; ++i) delay *= 2;
    delay = std::min(delay, max);
    return Milliseconds(static_cast<std::int64_t>(static_cast<double>(delay.count()) * (0.5 + 0.5 * random)));
}

}  // namespace mypost::publishing
