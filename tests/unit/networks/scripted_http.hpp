// An HttpClient that answers from a list and keeps what was asked.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.hpp"

namespace mypost::networks::test {

class ScriptedHttp final : public net::HttpClient {
  public:
    using Answer = tl::expected<net::Response, net::Failure>;

    boost::asio::awaitable<Answer> send(net::Request request) override {
        seen.push_back(std::move(request));
        if (answers.empty())
            co_return tl::unexpected(net::Failure{net::Failure::Kind::not_sent, "no answer scripted"});
        auto answer = std::move(answers.front());
        answers.pop_front();
        co_return answer;
    }

    void reply(int status, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
        net::Response response;
        response.status = status;
        response.body = std::move(body);
        response.headers = std::move(headers);
        answers.emplace_back(std::move(response));
    }
    void fail(net::Failure::Kind kind) { answers.emplace_back(tl::unexpected(net::Failure{kind, "broken"})); }

    std::string header(std::size_t call, std::string_view name) const {
        for (auto const& [key, value] : seen.at(call).headers) {
            if (key == name) return value;
        }
        return {};
    }
    std::string body(std::size_t call) const { return std::get<std::string>(seen.at(call).body); }

    std::deque<Answer> answers;
    std::vector<net::Request> seen;
};

// Runs a coroutine that awaits nothing but a ScriptedHttp.
template <class T>
T finish(boost::asio::awaitable<T> work) {
    boost::asio::io_context io;
    std::optional<T> value;
    std::exception_ptr error;
    auto keep = [](boost::asio::awaitable<T> inner, std::optional<T>& out) -> boost::asio::awaitable<void> {
        out.emplace(co_await std::move(inner));
    };
    boost::asio::co_spawn(io, keep(std::move(work), value),
                          [&](std::exception_ptr failed) { error = failed; });
    io.run();
    if (error) std::rethrow_exception(error);
    return std::move(value).value();
}

}  // namespace mypost::networks::test
