// Connections that only read, each on its own thread, started when there is work for them.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "db/database.hpp"
#include "db/reply.hpp"
#include "db/sqlite/connection.hpp"

namespace mypost::db::sqlite {

class Readers {
  public:
    Readers(std::string path, std::size_t limit);
    ~Readers();  // queued reads fail with Unavailable, running ones are interrupted
    Readers(Readers const&) = delete;
    Readers& operator=(Readers const&) = delete;

    // `query` and `params` stay alive until the reply is answered.
    void enqueue(Query const& query, Params const& params, std::shared_ptr<Reply<Rows>> reply);

    // No more reads are taken; `done` is called (on any thread) when the last one has ended.
    void close(std::function<void()> done);

  private:
    struct Read {
        Query const* query;
        Params const* params;
        std::shared_ptr<Reply<Rows>> reply;
    };

    void work();
    // Returns what gives the answer.
    std::function<void()> run(std::unique_ptr<Connection>& connection, Read const& read);

    std::string const path_;
    std::size_t const limit_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Read> queue_;
    std::size_t idle_ = 0;     // threads that will look at the queue next
    std::size_t running_ = 0;  // reads being run
    bool closing_ = false;
    std::atomic<bool> stopping_ = false;
    std::vector<std::function<void()>> closed_;
    std::vector<std::thread> threads_;
};

}  // namespace mypost::db::sqlite
