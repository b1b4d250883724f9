#include "app/demo.hpp"

#include <boost/json.hpp>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "core/log.hpp"

namespace mypost::app {

namespace asio = boost::asio;

namespace {

namespace json = boost::json;

constexpr char demo_password[] = "mypost-demo";

// The answer of the demo's own steps; a refusal is a bug in the demo, told to the operator.
template <class T>
T expect(Result<T> result, std::string_view step) {
    if (!result) throw std::runtime_error(fmt::format("demo: {}: {}", step, result.error().message));
    return std::move(*result);
}

struct Person {
    std::string network;
    std::string handle;
    std::string app_password;
};

class Seeder {
  public:
    explicit Seeder(DemoServices services) : services_(std::move(services)) {}

    asio::awaitable<void> run() {
        co_await set_up();
        BrandId const coffee = co_await brand("Northwind Coffee", "#6d6afc");
        BrandId const bikes = co_await brand("Harbour Bikes", "#0ea5a4");
        co_await set_apps();
        AccountId const x = co_await connect_by_consent(coffee, "x", "", 0);
        AccountId const mastodon = co_await connect_by_consent(coffee, "mastodon", "mastodon.example", 0);
        AccountId const bluesky = co_await connect_bluesky(coffee, 0);
        AccountId const bikes_mastodon =
            co_await connect_by_consent(bikes, "mastodon", "mastodon.example", 1);
        co_await posts(coffee, x, mastodon, bluesky);
        co_await bike_posts(bikes, bikes_mastodon);
    }

  private:
    asio::awaitable<void> set_up() {
        auth::DemoLogin const login = demo_login();
        auth::SetupInput input{"Dana Demo", login.email, login.password, "Demo agency", "Europe/Berlin"};
        auth::Origin const origin{"127.0.0.1", "MyPost demo", "demo"};
        auth::SetupDone const done =
            expect(co_await services_.auth.setup(std::move(input), origin), "set-up");
        caller_ = expect(
            co_await services_.authenticator.authenticate_token(done.signed_in.access_token, done.workspace),
            "sign-in");
        caller_.address = origin.address;
        caller_.request_id = origin.request_id;
    }

    asio::awaitable<BrandId> brand(std::string name, std::string color) {
        brands::NewBrand input;
        input.name = std::move(name);
        input.color = std::move(color);
        auto const made = expect(co_await services_.brands.create(caller_, std::move(input)), "brand");
        co_return made.id;
    }

    asio::awaitable<void> set_apps() {
        networks::AppCredentials const sandbox_app{"sandbox", "sandbox", {}};
        expect(co_await services_.apps.put(caller_, caller_.tenant, "x", "", sandbox_app,
                                           services_.apps.redirect_uri("x")),
               "app");
    }

    asio::awaitable<std::vector<Person>> people(std::string network) {
        net::Request request;
        request.url = services_.sandbox_base + "/_sandbox/state";
        request.guarded = false;
        auto const answer = co_await services_.http.send(std::move(request));
        if (!answer || answer->status != 200) throw std::runtime_error("demo: the sandbox does not answer");
        std::vector<Person> list;
        auto const state = json::parse(answer->body);
        for (auto const& item : state.at("networks").at(network).at("accounts").as_array()) {
            Person person;
            person.network = network;
            person.handle = item.at("handle").as_string();
            if (auto const* password = item.as_object().if_contains("app_password");
                password && password->is_string()) {
                person.app_password = password->get_string();
            }
            list.push_back(std::move(person));
        }
        co_return list;
    }

    // Walks the consent page as a browser would: allow, follow the redirect, choose what is offered.
    asio::awaitable<AccountId> connect_by_consent(BrandId brand, std::string network, std::string instance,
                                                  std::size_t which) {
        accounts::Browser browser;
        auto const start = expect(
            co_await services_.accounts.authorize(caller_, brand, network, instance, {"publish"}, browser),
            "consent");
        auto const persons = co_await people(network);
        net::Request allow;
        allow.method = "POST";
        allow.url = start.authorize_url;
        allow.guarded = false;
        allow.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        allow.body = "decision=allow&account=" + percent_encode(persons.at(which).handle);
        auto const answer = co_await services_.http.send(std::move(allow));
        if (!answer || answer->status < 300 || answer->status > 399)
            throw std::runtime_error("demo: the consent page did not redirect");
        std::string const location(answer->header("Location"));
        std::map<std::string, std::string> query;
        for (auto& [key, value] : http::parse_form(location.substr(location.find('?') + 1)))
            query.emplace(key, std::move(value));
        std::string const target =
            co_await services_.accounts.callback(network, std::move(query), start.set_cookie.value_or(""));
        auto const marker = target.find("connection=");
        if (marker == std::string::npos) throw std::runtime_error("demo: the consent was refused: " + target);
        auto const connection = ConnectionId::parse(target.substr(marker + 11));
        auto const offered =
            expect(co_await services_.accounts.destinations(caller_, *connection), "destinations");
        std::vector<std::string> ids{offered.at(0).id};
        auto const connected =
            expect(co_await services_.accounts.choose(caller_, *connection, std::move(ids)), "connect");
        co_return connected.at(0).id;
    }

    asio::awaitable<AccountId> connect_bluesky(BrandId brand, std::size_t which) {
        auto const persons = co_await people("bluesky");
        json::object credentials{{"handle", persons.at(which).handle},
                                 {"app_password", persons.at(which).app_password}};
        auto const account =
            expect(co_await services_.accounts.connect(caller_, brand, "bluesky", std::move(credentials)),
                   "bluesky");
        co_return account.id;
    }

    posts::TargetInput target(AccountId account) {
        posts::TargetInput input;
        input.account_id = account;
        return input;
    }

    asio::awaitable<PostId> post(BrandId brand, std::string body, std::vector<posts::TargetInput> targets,
                                 std::optional<Instant> planned = {}) {
        posts::PostInput input;
        input.brand_id = brand;
        input.content.body = std::move(body);
        input.targets = std::move(targets);
        if (planned) input.scheduled_at = *planned;
        auto const made = expect(co_await services_.posts.create(caller_, std::move(input)), "post");
        co_return made.id;
    }

    asio::awaitable<void> schedule(PostId id, Instant at) {
        expect(co_await services_.posts.schedule(caller_, id, at), "schedule");
    }

    Instant in(std::chrono::minutes time) const { return services_.clock.now() + time; }

    asio::awaitable<void> posts(BrandId brand, AccountId x, AccountId mastodon, AccountId bluesky) {
        using std::chrono::minutes;
        std::vector<posts::TargetInput> const everywhere{target(x), target(mastodon), target(bluesky)};
        PostId const welcome =
            co_await post(brand, "Good morning! The first roast of the week is on the shelf. ☕", everywhere);
        expect(co_await services_.posts.publish(caller_, welcome), "publish");

        auto adapted = everywhere;
        adapted[0].content.emplace();
        adapted[0].content->body = std::optional<std::string>(
            "New on the menu: cold brew with orange. 🍊 Which one first, straight or with tonic?");
        PostId const menu = co_await post(brand,
                                          "New on the menu: cold brew with orange and a hint of cardamom. It "
                                          "is brewed for eighteen hours, and it is gone by the evening.",
                                          adapted);
        co_await schedule(menu, in(minutes(2)));
        PostId const thread =
            co_await post(brand, "How we choose our beans, a short thread.", {target(x), target(mastodon)});
        co_await schedule(thread, in(minutes(26 * 60)));
        PostId const workshop = co_await post(
            brand, "Saturday, 10:00: latte art workshop for beginners. Eight places, two still free.",
            everywhere);
        co_await schedule(workshop, in(minutes(3 * 24 * 60)));
        PostId const thanks = co_await post(brand, "Thank you for a wonderful week, and see you on Monday.",
                                            {target(bluesky), target(mastodon)});
        co_await schedule(thanks, in(minutes(5 * 24 * 60)));
        co_await post(brand, "Idea: portraits of the people behind the counter, one a week.", everywhere,
                      in(minutes(8 * 24 * 60)));
    }

    asio::awaitable<void> bike_posts(BrandId brand, AccountId mastodon) {
        using std::chrono::minutes;
        PostId const ride = co_await post(
            brand, "Sunday ride around the bay: 42 km, flat, with a cake stop. Everyone is welcome.",
            {target(mastodon)});
        co_await schedule(ride, in(minutes(2 * 24 * 60)));
    }

    DemoServices services_;
    access::Caller caller_;
};

}  // namespace

auth::DemoLogin demo_login() {
    return {"demo@mypost.example", demo_password};
}

asio::awaitable<void> seed_demo(DemoServices services) {
    bool const needed = co_await services.auth.setup_needed();
    if (!needed) co_return;
    Seeder seeder(std::move(services));
    co_await seeder.run();
    log::info("demo workspace made");
}

}  // namespace mypost::app
