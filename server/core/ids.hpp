// Identifiers: UUIDv7 (RFC 9562), one C++ type per kind of thing so that they cannot be mixed up.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mypost {

class Uuid {
  public:
    constexpr Uuid() = default;  // the nil UUID: "none"

    // A new UUIDv7: 48 bits of wall-clock milliseconds, a counter that keeps ids made in one process
    // ascending, randomness.
    static Uuid make();

    // The 36-character form, either case; nothing else.
    static std::optional<Uuid> parse(std::string_view text);

    std::string to_string() const;  // lower case
    bool is_nil() const { return *this == Uuid(); }
    std::array<std::uint8_t, 16> const& bytes() const { return bytes_; }

    auto operator<=>(Uuid const&) const = default;

  private:
    std::array<std::uint8_t, 16> bytes_{};
};

template <class Tag>
struct Id {
    Uuid value;

    Id() = default;
    explicit Id(Uuid uuid) : value(uuid) {}
    static Id make() { return Id(Uuid::make()); }
    static std::optional<Id> parse(std::string_view text) {
        auto uuid = Uuid::parse(text);
        if (!uuid) return std::nullopt;
        return Id(*uuid);
    }
    std::string to_string() const { return value.to_string(); }
    bool is_nil() const { return value.is_nil(); }
    auto operator<=>(Id const&) const = default;
};

using TenantId = Id<struct TenantTag>;
using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using WorkspaceId = Id<struct WorkspaceTag>;
using RoleId = Id<struct RoleTag>;
using BrandId = Id<struct BrandTag>;
using NetworkAppId = Id<struct NetworkAppTag>;
using GrantId = Id<struct GrantTag>;
using ConnectionId = Id<struct ConnectionTag>;
using AccountId = Id<struct AccountTag>;
using PostId = Id<struct PostTag>;
using PostVersionId = Id<struct PostVersionTag>;
using TargetId = Id<struct TargetTag>;
using AttemptId = Id<struct AttemptTag>;
using AssetId = Id<struct AssetTag>;
using LabelId = Id<struct LabelTag>;
using AuditEventId = Id<struct AuditEventTag>;

}  // namespace mypost

template <>
struct std::hash<mypost::Uuid> {
    std::size_t operator()(mypost::Uuid const& id) const noexcept;
};
template <class Tag>
struct std::hash<mypost::Id<Tag>> {
    std::size_t operator()(mypost::Id<Tag> const& id) const noexcept {
        return std::hash<mypost::Uuid>()(id.value);
    }
};
