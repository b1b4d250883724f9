// One HTTP exchange on a CurlLoop.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "net/address_guard.hpp"
#include "net/curl_loop.hpp"
#include "net/http_client.hpp"

namespace mypost::net {

struct TransferOptions {
    std::string user_agent;
    std::string ca_file;                  // empty: the system's
    AddressGuard const* guard = nullptr;  // nothing: any address may be reached
    std::chrono::steady_clock::time_point deadline;
};

class CurlTransfer final : private CurlObserver {
  public:
    using Outcome = tl::expected<Response, Failure>;

    // `request` outlives the transfer.
    CurlTransfer(std::shared_ptr<CurlLoop> loop, Request const& request, TransferOptions options);
    ~CurlTransfer() override;
    CurlTransfer(CurlTransfer const&) = delete;
    CurlTransfer& operator=(CurlTransfer const&) = delete;

    // Once. Throws operation_aborted when the coroutine is cancelled; the transfer is stopped then.
    boost::asio::awaitable<Outcome> run();

  private:
    struct MimePart;

    void prepare();
    void prepare_body();
    void prepare_mime(Multipart const& parts);
    void ended(CURLcode code) override;
    void progress();
    Outcome outcome();
    Failure failure(CURLcode code);
    bool sent_whole() const;

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
    static std::size_t on_read_part(char* buffer, std::size_t size, std::size_t count, void* part);
    static int on_seek(void*, curl_off_t, int);
    static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
    std::size_t read_from(ByteSource& source, char* buffer, std::size_t max, std::uint64_t& given);

    std::shared_ptr<CurlLoop> loop_;
    Request const& request_;
    TransferOptions options_;
    CURL* easy_;
    curl_slist* headers_ = nullptr;
    curl_mime* mime_ = nullptr;
    std::vector<std::unique_ptr<MimePart>> mime_parts_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    boost::asio::steady_timer wake_;
    bool added_ = false;
    bool done_ = false;
    CURLcode code_ = CURLE_OK;

    Response response_;
    std::size_t header_bytes_ = 0;
    std::string_view text_body_;    // what is left of a string body
    std::uint64_t body_size_ = 0;   // of a text or streamed body
    std::uint64_t body_given_ = 0;  // handed to curl
    bool too_large_ = false;
    bool source_failed_ = false;
    int addresses_refused_ = 0;
    int sockets_opened_ = 0;
    std::chrono::steady_clock::time_point last_activity_;
    std::chrono::steady_clock::time_point last_report_;
};

}  // namespace mypost::net
