// What the helper can do with a file. Paths lie in its work folder. All throw Refusal.
#pragma once

#include <boost/json/object.hpp>

namespace mypost::media::helper {

namespace json = boost::json;

// {"op":"probe","input":path,"max_pixels":n} → {"content_type","width","height","pages","alpha"}
json::object probe(json::object const& request);

// {"op":"import","input","output","thumbnail","max_pixels"}: writes the picture anew, turned upright, in
// sRGB, without any metadata, and a WebP of at most 480 × 480 beside it →
// {"content_type","width","height","pages", "thumbnail_width","thumbnail_height"}. HEIC and AVIF become JPEG,
// or PNG where they have transparency.
json::object import(json::object const& request);

// {"op":"fit","input","output","max_pixels","max_bytes","max_width","max_height","fit_pixels","formats":[content
// types]} (0: no limit): the largest and best picture that fits → {"content_type","width","height"}.
// `cannot_fit` when there is none.
json::object fit(json::object const& request);

}  // namespace mypost::media::helper
