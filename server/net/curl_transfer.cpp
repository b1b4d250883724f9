#include "net/curl_transfer.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cstring>
#include <new>

namespace mypost::net {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t max_header_bytes = std::size_t{64} * 1024;
constexpr auto report_interval = std::chrono::seconds(1);

bool is_safe(std::string const& method) {
    return method == "GET" || method == "HEAD";
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && std::strchr(" \t\r\n", text.back()) != nullptr) text.remove_suffix(1);
    return text;
}

}  // namespace

struct CurlTransfer::MimePart {
    CurlTransfer* transfer;
    std::shared_ptr<ByteSource> source;
    std::uint64_t given = 0;
};

CurlTransfer::CurlTransfer(std::shared_ptr<CurlLoop> loop, Request const& request, TransferOptions options)
    : loop_(std::move(loop)),
      request_(request),
      options_(std::move(options)),
      easy_(curl_easy_init()),
      wake_(loop_->executor()),
      last_activity_(Clock::now()),
      last_report_(last_activity_) {
    if (easy_ == nullptr) throw std::bad_alloc();
    prepare();
}

CurlTransfer::~CurlTransfer() {
    if (added_ && !done_) loop_->remove(easy_);
    curl_easy_cleanup(easy_);
    curl_mime_free(mime_);
    curl_slist_free_all(headers_);
}

void CurlTransfer::prepare() {
    auto const left =
        std::chrono::duration_cast<std::chrono::milliseconds>(options_.deadline - Clock::now()).count();
    curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_PROXY,
                     "");  // a proxy of the environment would hide the address from the guard
    curl_easy_setopt(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy_, CURLOPT_SHARE, loop_->share());
    curl_easy_setopt(easy_, CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_.data());
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(left)));
    if (!options_.ca_file.empty()) curl_easy_setopt(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
    // On a reused connection that the server has just closed, curl sends a request again by itself, whatever
    // the method: what may be done only once goes on a connection of its own.
    if (!is_safe(request_.method)) curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);

    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_socket);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);

    for (auto const& [name, value] : request_.headers) {
        // curl drops a header without a value unless it is written with a semicolon.
        auto line = name;
        line.append(value.empty() ? ";" : ": ").append(value);
        headers_ = curl_slist_append(headers_, line.c_str());
    }
    headers_ = curl_slist_append(headers_, "Expect:");
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
    prepare_body();
}

void CurlTransfer::prepare_body() {
    if (auto const* parts = std::get_if<Multipart>(&request_.body)) {
        prepare_mime(*parts);
        curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
        return;
    }
    if (auto const* text = std::get_if<std::string>(&request_.body)) {
        text_body_ = *text;
        body_size_ = text->size();
    } else if (auto const* source = std::get_if<std::shared_ptr<ByteSource>>(&request_.body)) {
        body_size_ = (*source)->size();
    }
    bool const none = std::holds_alternative<std::monostate>(request_.body);
    if (none && request_.method == "HEAD") {
        curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
        return;
    }
    if (none && (request_.method == "GET" || request_.method == "DELETE")) {
        curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
    } else {
        // Also without a body: POST, PUT and PATCH then say Content-Length: 0.
        curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_size_));
        curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &CurlTransfer::on_read);
        curl_easy_setopt(easy_, CURLOPT_READDATA, this);
        curl_easy_setopt(easy_, CURLOPT_SEEKFUNCTION, &CurlTransfer::on_seek);
    }
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void CurlTransfer::prepare_mime(Multipart const& parts) {
    mime_ = curl_mime_init(easy_);
    for (auto const& field : parts) {
        curl_mimepart* const part = curl_mime_addpart(mime_);
        curl_mime_name(part, field.name.c_str());
        if (!field.filename.empty()) curl_mime_filename(part, field.filename.c_str());
        if (!field.content_type.empty()) curl_mime_type(part, field.content_type.c_str());
        if (auto const* text = std::get_if<std::string>(&field.content)) {
            curl_mime_data(part, text->data(), text->size());
            continue;
        }
        auto const& source = std::get<std::shared_ptr<ByteSource>>(field.content);
        auto& entry = mime_parts_.emplace_back(new MimePart{this, source});
        curl_mime_data_cb(part, static_cast<curl_off_t>(source->size()), &CurlTransfer::on_read_part,
                          &CurlTransfer::on_seek, nullptr, entry.get());
    }
    curl_easy_setopt(easy_, CURLOPT_MIMEPOST, mime_);
}

asio::awaitable<CurlTransfer::Outcome> CurlTransfer::run() {
    if (!loop_->add(easy_, this))
        co_return tl::unexpected(Failure{Failure::Kind::not_sent, "the transfer could not start"});
    added_ = true;
    while (!done_) {
        wake_.expires_at(last_activity_ + request_.stall_timeout);
        boost::system::error_code ignored;
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (done_) break;
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) {
            throw boost::system::system_error(
                asio::error::operation_aborted);  // the destructor stops the transfer
        }
        if (Clock::now() >= last_activity_ + request_.stall_timeout) {
            loop_->remove(easy_);
            done_ = true;
            code_ = CURLE_OPERATION_TIMEDOUT;
            std::strcpy(error_text_.data(), "no progress");
        }
    }
    co_return outcome();
}

void CurlTransfer::ended(CURLcode code) {
    code_ = code;
    done_ = true;
    wake_.cancel();
}

void CurlTransfer::progress() {
    last_activity_ = Clock::now();
    if (!request_.on_progress || last_activity_ - last_report_ < report_interval) return;
    last_report_ = last_activity_;
    // Not from inside curl's callback: the listener may start another transfer.
    asio::post(loop_->executor(), request_.on_progress);
}

CurlTransfer::Outcome CurlTransfer::outcome() {
    if (code_ != CURLE_OK) return tl::unexpected(failure(code_));
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    response_.url = request_.url;
    return std::move(response_);
}

// The headers alone count as the whole request when there is no body. Bytes that the system has taken may
// have arrived.
bool CurlTransfer::sent_whole() const {
    long header_bytes = 0;
    curl_off_t body_sent = 0;
    curl_off_t body_expected = 0;
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &header_bytes);
    curl_easy_getinfo(easy_, CURLINFO_SIZE_UPLOAD_T, &body_sent);
    curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_UPLOAD_T, &body_expected);
    if (header_bytes == 0) return false;
    if (mime_ == nullptr) body_expected = static_cast<curl_off_t>(body_size_);
    return body_expected >= 0 && body_sent >= body_expected;
}

Failure CurlTransfer::failure(CURLcode code) {
    std::string reason = error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(code);
    if (too_large_) return {Failure::Kind::too_large, "the answer is larger than allowed"};
    if (addresses_refused_ > 0 && sockets_opened_ == 0) {
        return {Failure::Kind::refused_by_guard, "the host's address is private or reserved"};
    }
    if (source_failed_) return {Failure::Kind::not_sent, "the file to send could not be read"};
    if (!sent_whole()) return {Failure::Kind::not_sent, std::move(reason)};
    return {Failure::Kind::unknown_outcome, std::move(reason)};
}

std::size_t CurlTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    std::string_view const line(data, size * count);
    transfer.progress();
    transfer.header_bytes_ += line.size();
    if (transfer.header_bytes_ > max_header_bytes) {
        transfer.too_large_ = true;
        return CURL_WRITEFUNC_ERROR;
    }
    auto const colon = line.find(':');
    if (line.starts_with("HTTP/")) {
        transfer.response_.headers.clear();  // of an interim answer (100, 103)
    } else if (colon != std::string_view::npos) {
        transfer.response_.headers.emplace_back(trimmed(line.substr(0, colon)),
                                                trimmed(line.substr(colon + 1)));
    }
    return line.size();
}

std::size_t CurlTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    std::size_t const bytes = size * count;
    transfer.progress();
    if (transfer.response_.body.size() + bytes > transfer.request_.max_response_bytes) {
        transfer.too_large_ = true;
        return CURL_WRITEFUNC_ERROR;
    }
    transfer.response_.body.append(data, bytes);
    return bytes;
}

std::size_t CurlTransfer::read_from(ByteSource& source, char* buffer, std::size_t max, std::uint64_t& given) {
    try {
        auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(max, source.size() - given));
        if (wanted == 0) return 0;
        auto const piece = source.read(wanted);
        // A source that ends early would leave the server waiting for the rest.
        if (piece.empty() || piece.size() > wanted) throw std::runtime_error("the source ended early");
        std::copy(piece.begin(), piece.end(), buffer);
        given += piece.size();
        progress();
        return piece.size();
    } catch (std::exception const&) {
        source_failed_ = true;
        return CURL_READFUNC_ABORT;
    }
}

std::size_t CurlTransfer::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    if (auto const* source = std::get_if<std::shared_ptr<ByteSource>>(&transfer.request_.body)) {
        return transfer.read_from(**source, buffer, size * count, transfer.body_given_);
    }
    auto const piece = transfer.text_body_.substr(0, size * count);
    transfer.text_body_.remove_prefix(piece.size());
    std::copy(piece.begin(), piece.end(), buffer);
    transfer.progress();
    return piece.size();
}

std::size_t CurlTransfer::on_read_part(char* buffer, std::size_t size, std::size_t count, void* part) {
    auto& entry = *static_cast<MimePart*>(part);
    return entry.transfer->read_from(*entry.source, buffer, size * count, entry.given);
}

// curl wants to send a body again: never by itself.
int CurlTransfer::on_seek(void*, curl_off_t, int) {
    return CURL_SEEKFUNC_FAIL;
}

curl_socket_t CurlTransfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    auto const ip = address_of(address->addr);
    // Judged here, on the very address that is connected to: a name cannot resolve to something else in
    // between.
    bool const allowed = ip && (transfer.options_.guard == nullptr || transfer.options_.guard->allows(*ip));
    if (!allowed) {
        ++transfer.addresses_refused_;
        return CURL_SOCKET_BAD;
    }
    ++transfer.sockets_opened_;
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace mypost::net
