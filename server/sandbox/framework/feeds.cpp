#include "sandbox/framework/feeds.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "core/encoding.hpp"
#include "sandbox/framework/html.hpp"

namespace mypost::sandbox {

namespace {

using html::escape;

std::string shown_handle(PostView const& post) {
    return post.instance.empty() ? post.account : post.account + "@" + post.instance;
}

std::string profile_path(Network const& network, std::string const& handle) {
    return fmt::format("/{}/{}", network.name(), percent_encode(handle));
}

std::string shown_time(Instant at) {
    auto const text = to_rfc3339(at);
    return fmt::format("<time datetime=\"{}\">{} {} UTC</time>", text, text.substr(0, 10),
                       text.substr(11, 8));
}

std::string media_html(std::vector<MediaView> const& media) {
    if (media.empty()) return {};
    std::string figures;
    for (auto const& item : media) {
        auto const source = "/_sandbox/media/" + item.sha256;
        figures += "<figure>";
        if (item.kind == "video") {
            figures += fmt::format("<video controls preload=\"metadata\" src=\"{}\"></video>", source);
        } else if (item.kind == "audio") {
            figures += fmt::format("<audio controls src=\"{}\"></audio>", source);
        } else {
            figures += fmt::format("<img src=\"{}\" alt=\"{}\" loading=\"lazy\">", source, escape(item.alt));
        }
        if (!item.alt.empty())
            figures += fmt::format("<figcaption><b>ALT</b>{}</figcaption>", escape(item.alt));
        figures += "</figure>";
    }
    return "<div class=\"media\">" + figures + "</div>";
}

std::string post_html(Network const& network, PostView const& post, bool is_part) {
    std::string extra;
    if (!post.poll.empty()) {
        extra += "<ul class=\"poll\">";
        for (auto const& option : post.poll) extra += "<li>" + escape(option) + "</li>";
        extra += "</ul>";
    }
    if (!post.link_url.empty()) {
        extra += fmt::format(
            "<a class=\"linkcard\" href=\"{}\" rel=\"nofollow noopener noreferrer\"><b>{}</b><br><span "
            "class=\"dim small\">{}</span></a>",
            escape(post.link_url.starts_with("http") ? post.link_url : "#"), escape(post.link_title),
            escape(post.link_url));
    }
    auto const spoiler =
        post.spoiler.empty() ? "" : "<p class=\"text\"><b>" + escape(post.spoiler) + "</b></p>";
    auto const text = post.text.empty() ? "" : "<p class=\"text\">" + html::rich_text(post.text) + "</p>";
    return fmt::format(
        "<article class=\"post{}\">{}<div><div class=\"who\"><a href=\"{}\"><b>{}</b></a><span class=\"dim "
        "small\">@{}</span>"
        "<a class=\"dim small\" href=\"{}\">{}</a></div>{}{}{}{}</div></article>",
        is_part ? " part" : "", html::avatar(post.name), profile_path(network, shown_handle(post)),
        escape(post.name), escape(shown_handle(post)), escape(post.path), shown_time(post.created_at),
        spoiler, text, media_html(post.media), extra);
}

// Visible posts with their replies.
class Threads {
  public:
    Threads(Network const& network, std::vector<PostView> posts)
        : network_(network), posts_(std::move(posts)) {
        for (auto const& post : posts_) {
            if (post.visible) by_id_[post.id] = &post;
        }
        for (auto const& post : posts_) {
            if (post.visible && by_id_.contains(post.parent_id)) children_[post.parent_id].push_back(&post);
        }
    }

    bool has(std::string const& id) const { return by_id_.contains(id); }

    std::string const& root_of(std::string const& id) const {
        auto const* post = by_id_.at(id);
        for (int depth = 0; depth < 1000 && by_id_.contains(post->parent_id); ++depth)
            post = by_id_.at(post->parent_id);
        return post->id;
    }

    // One card: the post and everything that answers it, oldest first.
    std::string card(std::string const& id) const {
        return "<div class=\"card\">" + branch(id, 0) + "</div>";
    }

    // Cards of the newest threads in which somebody accepted by `of` wrote.
    template <class Of>
    std::string newest(std::size_t count, Of of) const {
        std::string result;
        std::set<std::string> shown;
        for (auto post = posts_.rbegin(); post != posts_.rend() && shown.size() < count; ++post) {
            if (!post->visible || !of(*post)) continue;
            auto const& root = root_of(post->id);
            if (shown.insert(root).second) result += card(root);
        }
        return result;
    }

  private:
    std::string branch(std::string const& id, int depth) const {
        auto result = post_html(network_, *by_id_.at(id), depth > 0);
        auto const replies = children_.find(id);
        if (replies == children_.end() || depth > 500) return result;
        for (auto const* reply : replies->second) result += branch(reply->id, depth + 1);
        return result;
    }

    Network const& network_;
    std::vector<PostView> posts_;
    std::map<std::string, PostView const*> by_id_;
    std::map<std::string, std::vector<PostView const*>> children_;
};

std::string or_empty(std::string cards, std::string_view message) {
    return cards.empty() ? fmt::format("<div class=\"empty\">{}</div>", message) : std::move(cards);
}

std::string people_html(Network const& network) {
    std::string list;
    for (auto const& account : network.accounts()) {
        auto const handle =
            account.instance.empty() ? account.handle : account.handle + "@" + account.instance;
        list += fmt::format(
            "<li><a href=\"{}\">{}<span>{}<br><span class=\"dim small\">@{}</span></span></a></li>",
            profile_path(network, handle), html::avatar(account.name), escape(account.name), escape(handle));
    }
    return "<ul class=\"people\">" + list + "</ul>";
}

constexpr auto everybody = [](PostView const&) { return true; };

}  // namespace

http::Response overview_page(World const& world) {
    std::string columns;
    for (auto const& network : world.networks) {
        Threads const threads(*network, network->posts());
        columns += fmt::format("<section><h2><a href=\"/{}\">{}</a></h2>{}</section>", network->name(),
                               network->title(),
                               or_empty(threads.newest(20, everybody), "Nothing published here yet."));
    }
    return html::page(
        {.title = "Feeds",
         .body =
             "<h1>Simulated feeds</h1><p class=\"dim\">What the networks hold right now. New posts appear by "
             "themselves.</p><div class=\"columns\">" +
             columns + "</div>",
         .network = {},
         .refreshes = true});
}

http::Response network_page(World const&, Network const& network) {
    Threads const threads(network, network.posts());
    return html::page(
        {.title = std::string(network.title()),
         .body = fmt::format("<h1>{}</h1><p class=\"dim\">Simulated</p><div "
                             "class=\"columns\"><section><h2>Latest posts</h2>{}"
                             "</section><section><h2>People</h2>{}</section></div>",
                             network.title(),
                             or_empty(threads.newest(50, everybody), "Nothing published here yet."),
                             people_html(network)),
         .network = std::string(network.name()),
         .refreshes = true});
}

http::Response account_page(World const&, Network const& network, std::string const& account) {
    auto const at = account.find('@');
    auto const handle = account.substr(0, at);
    auto const instance = at == std::string::npos ? std::string() : account.substr(at + 1);
    for (auto const& known : network.accounts()) {
        if (known.handle != handle ||
            (!known.instance.empty() && !instance.empty() && known.instance != instance))
            continue;
        Threads const threads(network, network.posts());
        auto const of_account = [&](PostView const& post) {
            return post.account == handle && (instance.empty() || post.instance == instance);
        };
        auto cards = threads.newest(200, of_account);
        return html::page(
            {.title = known.name,
             .body = fmt::format(
                 "<div class=\"feed\"><div class=\"card post\">{}<div><h1>{}</h1><p class=\"dim\">@{} on "
                 "simulated {}</p></div></div>{}</div>",
                 html::avatar(known.name), escape(known.name), escape(account), network.title(),
                 or_empty(std::move(cards), "No posts yet.")),
             .network = std::string(network.name()),
             .refreshes = true});
    }
    return html::problem(404, "Nobody here",
                         fmt::format("Simulated {} has no account {}.", network.title(), account));
}

http::Response post_page(World const&, Network const& network, std::string const& id) {
    Threads const threads(network, network.posts());
    if (!threads.has(id))
        return html::problem(404, "This post is gone", "It was deleted, taken down, or never existed.");
    return html::page({.title = "Post on " + std::string(network.title()),
                       .body = "<div class=\"feed\">" + threads.card(threads.root_of(id)) + "</div>",
                       .network = std::string(network.name()),
                       .refreshes = true});
}

}  // namespace mypost::sandbox
