// Types that the JSON tests decode, encode and describe.
#pragma once

#include <boost/describe.hpp>

#include "json/decode.hpp"
#include "json/encode.hpp"
#include "json/schema.hpp"

namespace mypost::json_sample {

enum class Colour { red, green, public_ };
BOOST_DESCRIBE_ENUM(Colour, red, green, public_)

struct Part {
    std::string body;
    std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(Part, (), (body, tags))

struct LocalTime {
    std::string local;
    std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(LocalTime, (), (local, time_zone))

struct Everything {
    std::string name;
    std::int32_t count = 0;
    std::uint8_t small = 0;
    double ratio = 0;
    bool flag = false;
    BrandId brand;
    Instant at{};
    std::optional<std::string> note;
    Colour colour = Colour::red;
    std::vector<Part> parts;
    std::map<std::string, std::int64_t> numbers;
    std::variant<Instant, LocalTime> when;
    boost::json::object options;
    int kept = 7;
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (name, count, small, ratio, flag, brand, at, note, colour, parts, numbers, when,
                       options, kept))

struct Change {
    std::optional<std::string> name;
    std::optional<std::optional<std::string>> note;
    std::optional<std::optional<std::int64_t>> limit;
};
BOOST_DESCRIBE_STRUCT(Change, (), (name, note, limit))

struct Grant {
    std::vector<access::Permission> permissions;
};
BOOST_DESCRIBE_STRUCT(Grant, (), (permissions))

struct Tree {
    std::string name;
    std::vector<Tree> children;
};
BOOST_DESCRIBE_STRUCT(Tree, (), (name, children))

}  // namespace mypost::json_sample

template <>
struct mypost::json::rules<mypost::json_sample::Part> {
    static constexpr auto value =
        std::tuple{field<&json_sample::Part::body>{{.doc = "The text", .min_len = 1, .max_len = 5}},
                   field<&json_sample::Part::tags>{{.max_len = 3, .min_items = 1, .max_items = 2}}};
};

template <>
struct mypost::json::rules<mypost::json_sample::Everything> {
    static constexpr auto value = std::tuple{
        field<&json_sample::Everything::name>{{.min_len = 2, .max_len = 10, .example = "Ann"}},
        field<&json_sample::Everything::count>{{.min = -5, .max = 100}},
        field<&json_sample::Everything::ratio>{{.max = 1.5}},
        field<&json_sample::Everything::note>{{.format = "email"}},
        field<&json_sample::Everything::parts>{{.max_items = 2}},
        field<&json_sample::Everything::kept>{{.optional = true}},
    };
};
