#include "net/curl_client.hpp"

#include <mutex>
#include <stdexcept>

#include "net/curl_loop.hpp"
#include "net/curl_transfer.hpp"
#include "net/redirects.hpp"

namespace mypost::net {

namespace asio = boost::asio;

namespace {

void initialise_curl_once() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
            throw std::runtime_error("libcurl cannot be initialised");
    });
}

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

class CurlClient final : public HttpClient {
  public:
    CurlClient(asio::any_io_executor executor, CurlClientOptions options)
        : executor_(std::move(executor)),
          options_(std::move(options)),
          guard_(options_.allowed_private_ranges) {
        initialise_curl_once();
    }

    asio::awaitable<tl::expected<Response, Failure>> send(Request request) override {
        auto const deadline = std::chrono::steady_clock::now() + request.timeout;
        for (;;) {
            auto problem = refusal(request);
            if (problem) co_return tl::unexpected(std::move(*problem));
            TransferOptions options;
            options.user_agent = options_.user_agent;
            options.ca_file = options_.ca_file;
            options.guard = request.guarded ? &guard_ : nullptr;
            options.deadline = deadline;
            CurlTransfer transfer(loop(request.guarded), request, std::move(options));
            auto outcome = co_await transfer.run();
            if (!outcome) co_return outcome;
            auto next = next_hop(request, *outcome);
            if (!next) co_return outcome;
            request = std::move(*next);
        }
    }

  private:
    static std::optional<Failure> refusal(Request const& request) {
        if (auto problem = url_problem(request.url, request.guarded)) {
            return Failure{Failure::Kind::refused_by_guard, std::move(*problem)};
        }
        for (auto const& [name, value] : request.headers) {
            if (name.empty() || has_line_break(name) || has_line_break(value)) {
                return Failure{Failure::Kind::not_sent, "a header holds a line break"};
            }
        }
        return std::nullopt;
    }

    // Apart, so that a guarded request never rides on a connection that was opened without the guard. Made at
    // first use.
    std::shared_ptr<CurlLoop> loop(bool guarded) {
        auto& loop = guarded ? guarded_ : trusted_;
        if (!loop) loop = CurlLoop::make(executor_);
        return loop;
    }

    asio::any_io_executor executor_;
    CurlClientOptions options_;
    AddressGuard guard_;
    std::shared_ptr<CurlLoop> guarded_;
    std::shared_ptr<CurlLoop> trusted_;
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_client(asio::any_io_executor executor, CurlClientOptions options) {
    return std::make_unique<CurlClient>(std::move(executor), std::move(options));
}

}  // namespace mypost::net
