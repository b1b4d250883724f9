#include "events/event.hpp"

#include <fmt/format.h>

#include "json/encode.hpp"

namespace mypost::events {

EventPointer make_published(EventId id, Event event) {
    auto published = std::make_shared<PublishedEvent>();
    published->id = id;
    published->text = fmt::format(R"({{"id":"{}","type":)", id.to_string());
    json::write(published->text, std::string_view(event.type));
    published->text += R"(,"data":)";
    json::write(published->text, event.data);
    published->text += '}';
    published->event = std::move(event);
    return published;
}

std::optional<Instant> instant_of(Uuid const& id) {
    auto const& bytes = id.bytes();
    if (bytes[6] >> 4 != 7) return std::nullopt;
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | bytes[i];
    return from_ms(ms);
}

Uuid first_id_at(Instant instant) {
    auto const ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_ms(instant)));
    std::string const hex = fmt::format("{:012x}", ms & 0xffffffffffffU);
    return *Uuid::parse(fmt::format("{}-{}-7000-8000-000000000000", hex.substr(0, 8), hex.substr(8)));
}

}  // namespace mypost::events
