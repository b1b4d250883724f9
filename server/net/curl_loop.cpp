#include "net/curl_loop.hpp"

#include <boost/asio/error.hpp>
#include <new>

namespace mypost::net {

namespace asio = boost::asio;

namespace {

constexpr long max_idle_connections = 32;
constexpr long max_connections = 512;  // further transfers wait inside curl; their time-out runs

}  // namespace

std::shared_ptr<CurlLoop> CurlLoop::make(asio::any_io_executor executor) {
    return std::shared_ptr<CurlLoop>(new CurlLoop(std::move(executor)));
}

CurlLoop::CurlLoop(asio::any_io_executor executor)
    : executor_(std::move(executor)),
      timer_(executor_),
      multi_(curl_multi_init()),
      share_(curl_share_init()) {
    if (multi_ == nullptr || share_ == nullptr) throw std::bad_alloc();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_idle_connections);
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, max_connections);
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    // Fresh connections (see curl_transfer.cpp) still resume TLS sessions.
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

CurlLoop::~CurlLoop() {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
    for (auto& [socket, watch] : watches_) {
        watch->gone = true;
        watch->descriptor.release();
    }
    curl_multi_cleanup(multi_);
    curl_share_cleanup(share_);
}

bool CurlLoop::add(CURL* easy, CurlObserver* observer) {
    curl_easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(observer));
    return curl_multi_add_handle(multi_, easy) == CURLM_OK;
}

void CurlLoop::remove(CURL* easy) {
    curl_multi_remove_handle(multi_, easy);
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    static_cast<CurlLoop*>(self)->watch(socket, what);
    return 0;
}

int CurlLoop::on_timer(CURLM*, long milliseconds, void* self) {
    auto& loop = *static_cast<CurlLoop*>(self);
    if (milliseconds < 0) {
        loop.timer_.cancel();
        return 0;
    }
    loop.timer_.expires_after(std::chrono::milliseconds(milliseconds));
    loop.timer_.async_wait([weak = loop.weak_from_this()](boost::system::error_code error) {
        auto alive = weak.lock();
        if (!error && alive) alive->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
}

void CurlLoop::watch(curl_socket_t socket, int what) {
    auto const found = watches_.find(socket);
    if (what == CURL_POLL_REMOVE) {
        if (found == watches_.end()) return;
        found->second->gone = true;
        found->second->descriptor.release();  // curl closes it, or keeps it for the next transfer
        watches_.erase(found);
        return;
    }
    auto entry = found == watches_.end() ? std::make_shared<Watch>(executor_) : found->second;
    if (found == watches_.end()) {
        entry->descriptor.assign(socket);
        watches_.emplace(socket, entry);
    }
    entry->wanted = what;
    arm(entry, socket);
}

void CurlLoop::arm(std::shared_ptr<Watch> const& watch, curl_socket_t socket) {
    auto const wait = [&](bool& waiting, asio::posix::descriptor_base::wait_type type, int event) {
        if (waiting) return;
        waiting = true;
        watch->descriptor.async_wait(
            type, [weak = weak_from_this(), watch, socket, event, &waiting](boost::system::error_code error) {
                waiting = false;
                auto alive = weak.lock();
                if (!alive || watch->gone || error == asio::error::operation_aborted) return;
                alive->ready(watch, socket, error ? CURL_CSELECT_ERR : event);
            });
    };
    if (watch->wanted & CURL_POLL_IN) {
        wait(watch->reading, asio::posix::descriptor_base::wait_read, CURL_CSELECT_IN);
    }
    if (watch->wanted & CURL_POLL_OUT) {
        wait(watch->writing, asio::posix::descriptor_base::wait_write, CURL_CSELECT_OUT);
    }
}

void CurlLoop::ready(std::shared_ptr<Watch> const& watch, curl_socket_t socket, int event) {
    // A wait armed earlier for what is not wanted any more.
    bool const wanted = event == CURL_CSELECT_ERR ||
                        (event == CURL_CSELECT_IN && (watch->wanted & CURL_POLL_IN)) ||
                        (event == CURL_CSELECT_OUT && (watch->wanted & CURL_POLL_OUT));
    if (!wanted) return;
    act(socket, event);
    if (!watch->gone) arm(watch, socket);
}

void CurlLoop::act(curl_socket_t socket, int events) {
    auto const keep = shared_from_this();
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    report_ended();
}

void CurlLoop::report_ended() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL* const easy = message->easy_handle;
        CURLcode const code = message->data.result;
        void* observer = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &observer);
        curl_multi_remove_handle(multi_, easy);
        if (observer != nullptr) static_cast<CurlObserver*>(observer)->ended(code);
    }
}

}  // namespace mypost::net
