#include "sandbox/framework/html.hpp"

#include <fmt/format.h>

#include "sandbox/text/links.hpp"
#include "sandbox/text/unicode.hpp"

namespace mypost::sandbox::html {

namespace {

unsigned hue(std::string_view name) {
    unsigned hash = 2166136261u;
    for (char const c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash % 360;
}

std::string initial(std::string_view name) {
    auto const letters = text::to_code_points(name);
    return letters.empty() ? "?" : escape(text::to_utf8(std::u32string_view(letters).substr(0, 1)));
}

}  // namespace

std::string_view const stylesheet = R"css(
:root{color-scheme:dark;--bg:#0b0d12;--card:#141821;--line:#262c3a;--text:#e8ebf2;--dim:#9aa4b8;--accent:#8b93ff}
body[data-network=x]{--accent:#6cb8f5}body[data-network=mastodon]{--accent:#9d92ff}body[data-network=bluesky]{--accent:#4aa8ff}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,sans-serif}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.banner{background:repeating-linear-gradient(135deg,#3a2f0b 0 14px,#2f260a 14px 28px);color:#ffdf8a;padding:.5rem 1rem;text-align:center;font-size:.875rem;border-bottom:1px solid #5c4a12}
header{position:sticky;top:0;z-index:1;background:#0b0d12ee;border-bottom:1px solid var(--line);backdrop-filter:blur(8px)}
header nav{max-width:70rem;margin:auto;padding:.75rem 1rem;display:flex;gap:.5rem 1rem;align-items:center;flex-wrap:wrap}
header strong{margin-right:auto;letter-spacing:.01em}
main{max-width:70rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:0 0 .75rem}.dim{color:var(--dim)}.small{font-size:.875rem}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1.25rem;margin-top:1.25rem}
.feed{max-width:40rem;margin:1.25rem auto 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1rem;margin-bottom:1rem}
.post{display:flex;gap:.75rem;overflow-wrap:anywhere}.post>div{min-width:0;flex:1}
.post+.post{margin-top:1rem}.part{position:relative}.part::before{content:"";position:absolute;left:20px;top:-1rem;height:1rem;border-left:2px solid var(--line)}
.avatar{flex:none;width:42px;height:42px;border-radius:50%;display:grid;place-items:center;font-weight:700;color:#fff}
.who{display:flex;gap:.5rem;flex-wrap:wrap;align-items:baseline}.who b{color:var(--text)}
.text{margin:.25rem 0 0;white-space:pre-wrap}.gone{opacity:.55}.tag{border:1px solid var(--line);border-radius:99px;padding:0 .5rem;font-size:.75rem;color:var(--dim)}
.media{display:grid;gap:4px;grid-template-columns:repeat(2,1fr);margin-top:.75rem;border-radius:12px;overflow:hidden;border:1px solid var(--line)}
.media figure{margin:0;background:#0d1017;display:flex;flex-direction:column}.media figure:only-child{grid-column:1/-1}
.media img,.media video{display:block;width:100%;flex:1;min-height:0;max-height:26rem;object-fit:cover}
.media figcaption{background:#0d1017;color:#e8ebf2;font-size:.8rem;padding:.3rem .6rem}
.media figcaption b{background:#fff2;border-radius:4px;padding:0 .3rem;margin-right:.4rem;font-size:.7rem}
.poll{list-style:none;padding:0;margin:.75rem 0 0}.poll li{border:1px solid var(--line);border-radius:8px;padding:.35rem .75rem;margin-top:.35rem}
.linkcard{display:block;border:1px solid var(--line);border-radius:12px;padding:.6rem .8rem;margin-top:.75rem}
.people{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.5rem;padding:0;list-style:none;margin:0}
.people a{display:flex;gap:.6rem;align-items:center;color:inherit;padding:.4rem;border-radius:10px}.people a:hover{background:#1b2130;text-decoration:none}
.people .avatar{width:32px;height:32px;font-size:.85rem}
.empty{border:1px dashed var(--line);border-radius:14px;padding:2rem;text-align:center;color:var(--dim)}
form.consent{max-width:30rem;margin:1rem auto}fieldset{border:0;padding:0;margin:1rem 0;max-height:22rem;overflow:auto}legend{font-weight:600;margin-bottom:.5rem}
label.choice{display:flex;gap:.6rem;align-items:center;padding:.4rem;border-radius:10px;cursor:pointer}label.choice:hover{background:#1b2130}
label.choice .avatar{width:32px;height:32px;font-size:.85rem}ul.scopes{margin:.25rem 0;padding-left:1.2rem;color:var(--dim)}
.buttons{display:flex;flex-direction:row-reverse;gap:.75rem}button{font:inherit;font-weight:600;border-radius:10px;border:1px solid var(--line);padding:.6rem 1.2rem;background:#1b2130;color:var(--text);cursor:pointer;flex:1}
button[value=allow]{background:var(--accent);border-color:var(--accent);color:#08111f}
code{background:#1b2130;padding:.1rem .35rem;border-radius:5px}
)css";

std::string_view const refresh_script = R"js(
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const here = document.querySelector("main");
    if (next && next.innerHTML !== here.innerHTML) here.innerHTML = next.innerHTML;
  } catch {}
}, 2000);
)js";

std::string escape(std::string_view text) {
    return text::escape_html(text);
}

std::string rich_text(std::string_view text) {
    auto const points = text::to_code_points(text);
    std::string result;
    std::size_t at = 0;
    for (auto const& link : text::find_links(points, text::LinkRules::mastodon)) {
        result += escape(text::to_utf8(std::u32string_view(points).substr(at, link.begin - at)));
        result +=
            fmt::format("<a href=\"{0}\" rel=\"nofollow noopener noreferrer\">{0}</a>", escape(link.url));
        at = link.end;
    }
    return result + escape(text::to_utf8(std::u32string_view(points).substr(at)));
}

std::string avatar(std::string_view name) {
    return fmt::format(
        "<span class=\"avatar\" aria-hidden=\"true\" style=\"background:hsl({} 45% 38%)\">{}</span>",
        hue(name), initial(name));
}

std::string avatar_svg(std::string_view name) {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\"><rect width=\"96\" height=\"96\" "
        "fill=\"hsl({} 45% 38%)\"/><text x=\"48\" y=\"64\" font-family=\"sans-serif\" font-size=\"46\" "
        "font-weight=\"700\" text-anchor=\"middle\" fill=\"#fff\">{}</text></svg>",
        hue(name), initial(name));
}

http::Response page(Page const& content) {
    auto response = http::html_response(
        content.status,
        fmt::format(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
            "content=\"width=device-width,initial-scale=1\"><title>{0} · simulated network</title>"
            "<link rel=\"stylesheet\" href=\"/_sandbox/sandbox.css\">{1}</head><body data-network=\"{2}\">"
            "<div class=\"banner\" role=\"note\">Simulated network. Nothing here is real, and nothing leaves "
            "this "
            "machine.</div><header><nav aria-label=\"Networks\"><strong>MyPost sandbox</strong><a "
            "href=\"/\">All</a>"
            "<a href=\"/x\">X</a><a href=\"/mastodon\">Mastodon</a><a "
            "href=\"/bluesky\">Bluesky</a></nav></header>"
            "<main>{3}</main></body></html>",
            escape(content.title),
            content.refreshes ? "<script defer src=\"/_sandbox/feeds.js\"></script>" : "",
            escape(content.network), content.body));
    response.headers.set(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Referrer-Policy", "no-referrer");
    response.headers.set("Cache-Control", "no-store");
    return response;
}

http::Response problem(int status, std::string_view title, std::string_view message) {
    return page({.title = std::string(title),
                 .body = fmt::format("<div class=\"card feed\"><h1>{}</h1><p class=\"dim\">{}</p></div>",
                                     escape(title), escape(message)),
                 .network = {},
                 .status = status});
}

}  // namespace mypost::sandbox::html
