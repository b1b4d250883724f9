#include "unit/networks/fake_networks.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "core/encoding.hpp"

namespace mypost::networks::test {

namespace {

std::string text_in(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::vector<std::string> strings_in(json::object const& object, std::string_view name) {
    std::vector<std::string> out;
    if (auto const* value = object.if_contains(name)) {
        for (auto const& one : value->as_array()) out.emplace_back(one.as_string());
    }
    return out;
}

std::string header_of(Call const& call, std::string_view name) {
    for (auto const& [key, value] : call.request.headers) {
        if (key == name) return value;
    }
    return {};
}

std::string query_of(Call const& call, std::string_view name) {
    auto const& url = call.request.url;
    auto const mark = fmt::format("{}=", name);
    for (auto at = url.find('?'); at != std::string::npos; at = url.find('&', at + 1)) {
        if (url.compare(at + 1, mark.size(), mark) != 0) continue;
        auto const from = at + 1 + mark.size();
        return percent_decode(url.substr(from, url.find('&', from) - from)).value();
    }
    return {};
}

// Every link gets a short form; "&", "<", ">" are escaped.
std::string as_x_shows(std::string text, json::array& urls) {
    for (std::string const scheme : {"https://"}) {
        for (auto at = text.find(scheme); at != std::string::npos; at = text.find(scheme, at + 1)) {
            auto const end = std::min(text.find_first_of(" \n", at), text.size());
            auto const link = text.substr(at, end - at);
            if (link.starts_with("https://t.co/")) continue;
            auto const shown = fmt::format("https://t.co/{}", urls.size());
            urls.emplace_back(json::object{{"url", shown}, {"expanded_url", link}});
            text.replace(at, link.size(), shown);
        }
    }
    std::string out;
    for (char const c : text)
        out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return out;
}

class FakeX final : public FakeNetwork {
  public:
    explicit FakeX(std::chrono::seconds listing_lag) : listing_lag_(listing_lag) {}

    net::Response handle(Call const& call, Instant now) override {
        auto const& url = call.request.url;
        if (url == "https://api.x.com/2/media/metadata")
            return json_answer(200, json::object{{"data", json::object{}}});
        if (url.ends_with("/append")) return json_answer(200, json::object{{"data", json::object{}}});
        if (url.find("/media/upload") != std::string::npos) return media(url);
        if (url == "https://api.x.com/2/tweets") return create(call, now);
        if (url.starts_with("https://api.x.com/2/users/1001/tweets?")) return timeline(call, now);
        throw std::logic_error("unexpected call " + url);
    }

  private:
    net::Response media(std::string const& url) {
        std::string id = fmt::format("99{}", ++media_);
        if (url.ends_with("/finalize")) id = "finalized";
        json::object const data{{"id", id}, {"media_key", "3_" + id}, {"expires_after_secs", 86400}};
        return json_answer(200, json::object{{"data", data}});
    }

    net::Response create(Call const& call, Instant now) {
        auto const body = body_of(call);
        HeldPost post;
        post.text = text_in(body, "text");
        if (auto const* attached = body.if_contains("media"))
            post.media = strings_in(attached->as_object(), "media_ids");
        if (auto const* reply = body.if_contains("reply"))
            post.reply_to = text_in(reply->as_object(), "in_reply_to_tweet_id");
        for (auto const& other : posts) {
            if (other.text != post.text) continue;
            return json_answer(
                403,
                json::object{{"title", "Forbidden"},
                             {"status", 403},
                             {"type", "about:blank"},
                             {"detail", "You are not allowed to create a Tweet with duplicate content."}});
        }
        post.id = fmt::format("19450000000000000{:02}", posts.size());
        post.created_at = now;
        posts.push_back(post);
        return json_answer(201, json::object{{"data", json::object{{"id", post.id}, {"text", post.text}}}});
    }

    net::Response timeline(Call const& call, Instant now) {
        auto const since = parse_rfc3339(query_of(call, "start_time")).value();
        json::array data;
        for (auto it = posts.rbegin(); it != posts.rend(); ++it) {
            if (it->created_at < since || it->created_at + listing_lag_ > now) continue;
            json::array urls;
            json::object one{{"id", it->id}, {"created_at", to_rfc3339(it->created_at)}};
            one["text"] = as_x_shows(it->text, urls);
            if (!it->media.empty()) {
                json::array keys;
                for (auto const& id : it->media) keys.emplace_back("3_" + id);
                one["attachments"] = json::object{{"media_keys", keys}};
                urls.emplace_back(
                    json::object{{"url", "https://t.co/pic"}, {"media_key", "3_" + it->media.front()}});
                one["text"] = std::string(one["text"].as_string()) + " https://t.co/pic";
            }
            one["entities"] = json::object{{"urls", urls}};
            if (!it->reply_to.empty()) {
                json::object reference{{"type", "replied_to"}, {"id", it->reply_to}};
                one["referenced_tweets"] = json::array{std::move(reference)};
            }
            data.emplace_back(std::move(one));
        }
        json::object body{{"meta", json::object{{"result_count", data.size()}}}};
        if (!data.empty()) body["data"] = std::move(data);
        return json_answer(200, body);
    }

    std::chrono::seconds listing_lag_;
    int media_ = 0;
};

class FakeMastodon final : public FakeNetwork {
  public:
    net::Response handle(Call const& call, Instant now) override {
        auto const& url = call.request.url;
        if (url == "https://social.example/api/v2/media") {
            auto const id = std::to_string(++media_);
            ready_at_[id] = now + std::chrono::seconds(3);
            return json_answer(202, json::object{{"id", id}, {"type", "image"}, {"url", nullptr}});
        }
        if (url.starts_with("https://social.example/api/v1/media/")) {
            auto const id = url.substr(url.rfind('/') + 1);
            bool const ready = now >= ready_at_.at(id);
            return json_answer(ready ? 200 : 206, json::object{{"id", id}, {"url", nullptr}});
        }
        if (url == "https://social.example/api/v1/statuses") return create(call, now);
        if (url.starts_with("https://social.example/api/v1/accounts/1001/statuses?")) return listing();
        throw std::logic_error("unexpected call " + url);
    }

  private:
    net::Response create(Call const& call, Instant now) {
        auto const key = header_of(call, "Idempotency-Key");
        auto const known = keys_.find(key);
        if (known != keys_.end() && now < known->second.second + std::chrono::hours(1)) {
            return json_answer(200, entity(posts[known->second.first]));
        }
        auto const body = body_of(call);
        HeldPost post;
        post.text = text_in(body, "status");
        post.reply_to = text_in(body, "in_reply_to_id");
        post.media = strings_in(body, "media_ids");
        post.id = fmt::format("1155{:04}", posts.size());
        post.created_at = now;
        keys_[key] = {posts.size(), now};
        posts.push_back(post);
        return json_answer(200, entity(post));
    }

    static json::object entity(HeldPost const& post) {
        std::string html;
        for (char const c : post.text)
            html += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
        json::array media;
        for (auto const& id : post.media) media.emplace_back(json::object{{"id", id}});
        json::object out{{"id", post.id},
                         {"created_at", to_rfc3339(post.created_at)},
                         {"content", "<p>" + html + "</p>"},
                         {"url", "https://social.example/@ann/" + post.id},
                         {"in_reply_to_id", nullptr},
                         {"media_attachments", media}};
        if (!post.reply_to.empty()) out["in_reply_to_id"] = post.reply_to;
        return out;
    }

    net::Response listing() const {
        json::array out;
        for (auto it = posts.rbegin(); it != posts.rend(); ++it) out.emplace_back(entity(*it));
        // Older than any attempt: the page covers the window.
        HeldPost old;
        old.id = "1";
        old.created_at = parse_rfc3339("2020-01-01T00:00:00Z").value();
        out.emplace_back(entity(old));
        return json_answer(200, out);
    }

    std::map<std::string, std::pair<std::size_t, Instant>> keys_;
    std::map<std::string, Instant> ready_at_;
    int media_ = 0;
};

class FakeBluesky final : public FakeNetwork {
  public:
    net::Response handle(Call const& call, Instant now) override {
        auto const& url = call.request.url;
        if (url.starts_with("https://pds.example/xrpc/com.atproto.identity.resolveHandle?")) {
            return json_answer(200, json::object{{"did", "did:plc:" + query_of(call, "handle")}});
        }
        if (url == "https://pds.example/xrpc/com.atproto.repo.uploadBlob") {
            auto const ref = std::get<MediaRef>(call.request.body);
            json::object blob{{"$type", "blob"},
                              {"ref", json::object{{"$link", fmt::format("bafk{}{}", ref.part, ref.index)}}},
                              {"mimeType", "image/jpeg"},
                              {"size", 3}};
            return json_answer(200, json::object{{"blob", std::move(blob)}});
        }
        if (url == "https://pds.example/xrpc/com.atproto.repo.putRecord") return put(call, now);
        throw std::logic_error("unexpected call " + url);
    }

  private:
    net::Response put(Call const& call, Instant now) {
        auto const body = body_of(call);
        auto const& record = body.at("record").as_object();
        auto const uri = fmt::format("at://did:plc:ann/app.bsky.feed.post/{}", text_in(body, "rkey"));
        auto const cid = fmt::format("bafy{}", std::hash<std::string>()(json::serialize(record)));
        json::object const answer{{"uri", uri}, {"cid", cid}};
        for (auto const& post : posts) {
            if (post.id != uri) continue;
            if (cids_[uri] != cid) throw std::logic_error("a record was overwritten with another one");
            return json_answer(200, answer);
        }
        HeldPost post;
        post.id = uri;
        post.text = text_in(record, "text");
        post.created_at = now;
        if (auto const* reply = record.if_contains("reply")) {
            post.reply_to = text_in(reply->as_object().at("parent").as_object(), "uri");
        }
        if (auto const* embed = record.if_contains("embed")) {
            for (auto const& image : embed->as_object().at("images").as_array()) {
                post.media.emplace_back(image.at("image").at("ref").at("$link").as_string());
            }
        }
        cids_[uri] = cid;
        posts.push_back(post);
        return json_answer(200, answer);
    }

    std::map<std::string, std::string> cids_;
};

}  // namespace

json::object body_of(Call const& call) {
    return json::parse(std::get<std::string>(call.request.body)).as_object();
}

net::Response json_answer(int status, json::value const& body) {
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = json::serialize(body);
    return response;
}

net::Response text_answer(int status, std::string body) {
    net::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

std::unique_ptr<FakeNetwork> make_fake_x(std::chrono::seconds listing_lag) {
    return std::make_unique<FakeX>(listing_lag);
}
std::unique_ptr<FakeNetwork> make_fake_mastodon() {
    return std::make_unique<FakeMastodon>();
}
std::unique_ptr<FakeNetwork> make_fake_bluesky() {
    return std::make_unique<FakeBluesky>();
}

std::unique_ptr<FakeNetwork> make_fake(std::string const& network) {
    if (network == "x") return make_fake_x(std::chrono::seconds(10));
    return network == "mastodon" ? make_fake_mastodon() : make_fake_bluesky();
}

}  // namespace mypost::networks::test
