// libcurl's multi interface driven by the event loop: sockets and timer are Asio's, transfers are curl's.
#pragma once

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

namespace mypost::net {

// Told on the event loop when an easy handle's transfer has ended; the handle has left the multi handle by
// then.
class CurlObserver {
  public:
    virtual ~CurlObserver() = default;
    virtual void ended(CURLcode code) = 0;
};

class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
  public:
    static std::shared_ptr<CurlLoop> make(boost::asio::any_io_executor executor);
    ~CurlLoop();
    CurlLoop(CurlLoop const&) = delete;
    CurlLoop& operator=(CurlLoop const&) = delete;

    // `observer` is stored as the handle's CURLOPT_PRIVATE. False when curl cannot take the handle.
    bool add(CURL* easy, CurlObserver* observer);
    void remove(CURL* easy);  // before its end: stops the transfer at once
    CURLSH* share() { return share_; }
    boost::asio::any_io_executor executor() { return executor_; }

  private:
    struct Watch {
        explicit Watch(boost::asio::any_io_executor const& executor) : descriptor(executor) {}
        boost::asio::posix::stream_descriptor descriptor;
        int wanted = 0;
        bool reading = false;
        bool writing = false;
        bool gone = false;
    };

    explicit CurlLoop(boost::asio::any_io_executor executor);
    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void*);
    static int on_timer(CURLM* multi, long milliseconds, void* self);
    void watch(curl_socket_t socket, int what);
    void arm(std::shared_ptr<Watch> const& watch, curl_socket_t socket);
    void ready(std::shared_ptr<Watch> const& watch, curl_socket_t socket, int event);
    void act(curl_socket_t socket, int events);
    void report_ended();

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    CURLM* multi_;
    CURLSH* share_;
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
};

}  // namespace mypost::net
