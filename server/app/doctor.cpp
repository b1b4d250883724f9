// doctor: checks every setting and backing service and says how to mend what is wrong.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/commands.hpp"
#include "app/running.hpp"
#include "db/database.hpp"
#include "media/helper_pool.hpp"

namespace mypost::app {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

class Report {
  public:
    void good(std::string const& what) { std::printf("  ok    %s\n", what.c_str()); }
    void bad(std::string const& what, std::string const& mend) {
        ++problems_;
        std::printf("  WRONG %s\n        %s\n", what.c_str(), mend.c_str());
    }
    int problems() const { return problems_; }

  private:
    int problems_ = 0;
};

void check_data_dir(Settings const& settings, Report& report) {
    std::error_code error;
    fs::create_directories(settings.data_dir, error);
    std::string const probe = settings.data_dir + "/.doctor";
    bool const writable = static_cast<bool>(std::ofstream(probe) << "x");
    fs::remove(probe, error);
    if (writable) {
        report.good("data directory " + settings.data_dir + " can be written");
    } else {
        report.bad("data directory " + settings.data_dir + " cannot be written",
                   "Give the directory to the user that runs mypost, or set MYPOST_DATA_DIR to another one.");
    }
}

void check_database(Settings const& settings, Report& report) {
    asio::io_context io(1);
    try {
        db::DatabaseOptions options;
        options.url = settings.database_url;
        options.connections = 1;
        auto database = db::open_database(io.get_executor(), std::move(options));
        bool current = false;
        run_to_end(io, [&]() -> asio::awaitable<void> {
            co_await database->ping();
            current = co_await database->schema_is_current();
            co_await database->close();
        });
        report.good("the database answers");
        if (current) {
            report.good("the schema is current");
        } else {
            report.bad("the schema is not this version's",
                       "Run: mypost migrate (mypost serve does it by itself on SQLite)");
        }
    } catch (std::exception const& error) {
        report.bad(std::string("the database cannot be used: ") + error.what(),
                   "Check MYPOST_DATABASE_URL, that the server runs, and that the user may log in.");
    }
}

void check_helper(Settings const& settings, Report& report) {
    std::string const helper = media::find_helper(settings.media_helper);
    if (fs::exists(helper)) {
        report.good("media helper " + helper);
    } else {
        report.bad("there is no media helper at " + helper,
                   "Install mypost-media-helper beside mypost, or set MYPOST_MEDIA_HELPER to where it is.");
    }
}

}  // namespace

int command_doctor(Arguments arguments) {
    if (has_flag(arguments, "--markdown")) {
        std::fputs(settings_markdown().c_str(), stdout);
        return 0;
    }
    auto settings = read_settings(arguments);
    if (!settings) return 2;
    std::puts("Settings");
    for (auto const& setting : list_settings(*settings)) {
        std::printf("  %-34s %-40s (%s)\n", setting.env.c_str(), setting.value.c_str(),
                    setting.source.c_str());
    }
    std::puts("\nChecks");
    Report report;
    check_data_dir(*settings, report);
    check_database(*settings, report);
    check_helper(*settings, report);
    auto const keys = provide_keys(*settings, false);
    if (keys.empty()) {
        report.good("encryption key and sign-in secret are there");
    } else {
        report.bad("keys are missing",
                   to_text(keys) + "        mypost serve makes them at the first embedded start.");
    }
    std::printf("\n%d problems.\n", report.problems());
    return report.problems() == 0 ? 0 : 1;
}

}  // namespace mypost::app
