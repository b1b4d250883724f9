#pragma once

#include <string>

namespace mypost::test {

// The PostgreSQL that tests use: the one MYPOST_TEST_POSTGRES_URL names (its user may create databases), else
// a private one, started at the first use and stopped when this process ends.
class PostgresServer {
  public:
    static PostgresServer& instance();

    // Creates an empty database and returns its URL; drop() takes the URL's database name.
    std::string create(std::string const& name);
    void drop(std::string const& name);
    std::string url(std::string const& name) const;

  private:
    PostgresServer();
    void execute(std::string const& sql) const;

    std::string admin_url_;
    std::string prefix_;  // up to the database's name
    std::string suffix_;  // "?…" or nothing
};

}  // namespace mypost::test
