// The JSON form of content.hpp; included by content.cpp and routes.cpp only.
#pragma once

#include <boost/describe/class.hpp>

#include "json/rules.hpp"
#include "posts/content.hpp"

namespace mypost::posts {
BOOST_DESCRIBE_STRUCT(MediaUse, (), (asset_id, alt))
BOOST_DESCRIBE_STRUCT(ThreadPart, (), (body, media))
BOOST_DESCRIBE_STRUCT(Content, (), (body, media, link, first_comment, thread))
BOOST_DESCRIBE_STRUCT(ContentOverride, (), (body, media, link, first_comment, thread))
}  // namespace mypost::posts

namespace mypost::json {

template <>
struct rules<posts::MediaUse> {
    static constexpr std::string_view name = "MediaUse";
    static constexpr auto value = std::tuple{field<&posts::MediaUse::alt>{
        {.doc = "Text for people who cannot see it; null: the asset's own", .max_len = 10'000}}};
};
template <>
struct rules<posts::ThreadPart> {
    static constexpr auto value =
        std::tuple{field<&posts::ThreadPart::body>{{.doc = "Text of this part", .max_len = 100'000}},
                   field<&posts::ThreadPart::media>{{.max_items = 20, .nullable = true, .optional = true}}};
};
template <>
struct rules<posts::Content> {
    static constexpr std::string_view name = "Content";
    static constexpr auto value = std::tuple{
        field<&posts::Content::body>{
            {.doc = "Text of the post, UTF-8", .max_len = 100'000, .optional = true}},
        field<&posts::Content::media>{
            {.doc = "Images and videos in order", .max_items = 20, .nullable = true, .optional = true}},
        field<&posts::Content::link>{
            {.doc = "Link shown as a card where the network has one", .max_len = 2'000}},
        field<&posts::Content::first_comment>{{.doc = "Posted below the post at once", .max_len = 100'000}},
        field<&posts::Content::thread>{{.doc = "Parts after the post, each a reply to the one before",
                                        .max_items = 50,
                                        .nullable = true,
                                        .optional = true}}};
};
template <>
struct rules<posts::ContentOverride> {
    static constexpr std::string_view name = "ContentOverride";
    static constexpr std::string_view doc = "Absent fields are inherited from the post, present ones replace";
    static constexpr auto value =
        std::tuple{field<&posts::ContentOverride::body>{{.max_len = 100'000}},
                   field<&posts::ContentOverride::media>{{.max_items = 20}},
                   field<&posts::ContentOverride::link>{{.max_len = 2'000}},
                   field<&posts::ContentOverride::first_comment>{{.max_len = 100'000}},
                   field<&posts::ContentOverride::thread>{{.max_items = 50}}};
};

}  // namespace mypost::json
