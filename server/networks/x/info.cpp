#include <fmt/format.h>

#include <set>

#include "core/text.hpp"
#include "core/text_entities.hpp"
#include "core/text_links.hpp"
#include "networks/answer.hpp"
#include "networks/rules.hpp"
#include "networks/x/x.hpp"

namespace mypost::networks::x {

namespace {

constexpr int stock_length = 280;
constexpr int premium_length = 25'000;
constexpr std::uint64_t image_bytes = 5'000'000;
constexpr std::uint64_t gif_bytes = 15'000'000;
constexpr int gif_width = 1280;
constexpr int gif_height = 1080;
// Prices of the pay-per-use plan since 2026-04-20, in thousandths of a dollar.
constexpr int price_post = 15;
constexpr int price_post_with_link = 200;
constexpr int price_alt_text = 5;

std::string dollars(int thousandths) {
    return fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
}

int price_of(Part const& part, bool has_link) {
    int price = has_link ? price_post_with_link : price_post;
    for (auto const& file : part.media) price += file.alt.empty() ? 0 : price_alt_text;
    return price;
}

void add_gif_rules(Publication const& publication, std::vector<Issue>& issues) {
    for (std::size_t part = 0; part < publication.parts.size(); ++part) {
        auto const& media = publication.parts[part].media;
        for (std::size_t i = 0; i < media.size(); ++i) {
            auto const& file = media[i];
            if (file.content_type != "image/gif") continue;
            if (media.size() > 1) {
                issues.push_back({static_cast<int>(part),
                                  fmt::format("media/{}", i),
                                  "media_mixed",
                                  {},
                                  true,
                                  "X takes one GIF alone, or up to four other pictures."});
            }
            if (file.width > gif_width || file.height > gif_height) {
                issues.push_back(
                    {static_cast<int>(part),
                     fmt::format("media/{}", i),
                     "media_dimensions",
                     {{"max_width", std::to_string(gif_width)}, {"max_height", std::to_string(gif_height)}},
                     true,
                     fmt::format("X takes GIFs of up to {} × {} pixels.", gif_width, gif_height)});
            }
        }
    }
}

void add_price(Publication const& publication, std::vector<std::string> const& texts,
               std::vector<Issue>& issues) {
    int total = 0;
    std::vector<int> with_link;
    for (std::size_t part = 0; part < texts.size(); ++part) {
        bool const has_link = !text::find_links(texts[part], text::LinkRule::x).empty();
        if (has_link) with_link.push_back(static_cast<int>(part));
        total += price_of(publication.parts[part], has_link);
    }
    for (int const part : with_link) {
        auto const price = dollars(price_of(publication.parts[static_cast<std::size_t>(part)], true));
        issues.push_back(
            {part,
             "body",
             "x_link_price",
             {{"usd", price}, {"usd_without_link", dollars(price_post)}, {"usd_total", dollars(total)}},
             false,
             fmt::format("X charges ${} for a post with a link instead of ${}; all parts together ${}.",
                         price, dollars(price_post), dollars(total))});
    }
}

void add_mentions(Publication const& publication, std::size_t part, std::string const& text,
                  std::vector<Issue>& issues) {
    std::string others;
    auto const own = "@" + publication.account.handle;
    for (auto const& range : text::find_x_mentions(text)) {
        auto const mention = range.of(text);
        if (mention != own) others += (others.empty() ? "" : " ") + std::string(mention);
    }
    if (!others.empty()) {
        issues.push_back(
            {static_cast<int>(part),
             "body",
             "x_mention_risk",
             {{"mentions", others}},
             false,
             fmt::format("X may refuse posts by programs that mention people who are not involved ({}).",
                         others)});
    }
    auto const cashtags = text::find_cashtags(text).size();
    if (cashtags > 1) {
        issues.push_back({static_cast<int>(part),
                          "body",
                          "x_too_many_cashtags",
                          {{"max", "1"}, {"actual", std::to_string(cashtags)}},
                          true,
                          "X takes one cashtag in a post."});
    }
}

// X refuses a text that the same account posted a moment ago.
void add_repeated_texts(Publication const& publication, std::vector<std::string> const& texts,
                        std::vector<Issue>& issues) {
    std::set<std::string> seen;
    for (std::size_t part = 0; part < texts.size(); ++part) {
        if (!publication.parts[part].media.empty()) continue;
        auto const text = canonical(texts[part]);
        if (text.empty() || seen.insert(text).second) continue;
        issues.push_back({static_cast<int>(part),
                          "body",
                          "x_repeated_text",
                          {},
                          true,
                          "X refuses two posts with the same text: change one of them."});
    }
}

}  // namespace

NetworkInfo stock_info() {
    KindInfo post;
    post.kind = "post";
    post.text.max = stock_length;
    post.text.counter = Counter::x_weighted;
    post.text.url_length = 23;
    post.media.max_count = 4;
    post.media.content_types = {"image/jpeg", "image/png", "image/webp", "image/gif"};
    post.media.max_bytes = image_bytes;
    post.media.max_bytes_of = {{"image/gif", gif_bytes}};
    post.media.alt_max = 1000;
    post.max_parts = 25;
    post.first_comment = true;
    FieldInfo replies;
    replies.name = "reply_settings";
    replies.label = "Who can reply";
    replies.type = "enum";
    replies.options = {{"everyone", "Everyone"},
                       {"following", "Accounts you follow"},
                       {"mentionedUsers", "Accounts you mention"},
                       {"subscribers", "Subscribers"},
                       {"verified", "Verified accounts"}};
    FieldInfo ai;
    ai.name = "made_with_ai";
    ai.label = "Made with AI";
    ai.type = "boolean";
    FieldInfo paid;
    paid.name = "paid_partnership";
    paid.label = "Paid partnership";
    paid.type = "boolean";
    post.fields = {replies, ai, paid};

    NetworkInfo info;
    info.network = "x";
    info.name = "X";
    info.kinds = {post};
    info.auth = "oauth";
    info.features = {"threads", "first_comment", "alt_text", "delete"};
    info.scopes = {"tweet.read", "tweet.write", "users.read", "media.write", "offline.access"};
    return info;
}

std::string post_url(AccountRef const& account, std::string_view id) {
    auto const author = account.handle.empty() ? "i/web" : account.handle;
    return fmt::format("https://x.com/{}/status/{}", author, id);
}

XAdapter::XAdapter() : info_(stock_info()) {}

NetworkInfo XAdapter::info_for(AccountRef const& account) const {
    auto info = info_;
    auto const subscription = answer::text_at(account.profile, "subscription_type");
    bool const long_posts = !subscription.empty() && subscription != "None" && subscription != "none";
    if (long_posts) info.kinds.front().text.max = premium_length;
    return info;
}

std::vector<Issue> XAdapter::validate(Publication const& publication) const {
    auto const info = info_for(publication.account);
    std::vector<std::string> texts;
    for (std::size_t part = 0; part < publication.parts.size(); ++part) {
        texts.push_back(text_with_link(publication, part));
    }
    auto issues = check_publication(publication, info.kinds.front(), info.name, texts);
    add_gif_rules(publication, issues);
    for (std::size_t part = 0; part < texts.size(); ++part)
        add_mentions(publication, part, texts[part], issues);
    add_repeated_texts(publication, texts, issues);
    add_price(publication, texts, issues);
    return issues;
}

}  // namespace mypost::networks::x
