#include "core/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/cipher.hpp"
#include "core/settings_table.hpp"

namespace mypost {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
  protected:
    SettingsTest() {
        auto pattern = (fs::temp_directory_path() / "mypost-settings-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~SettingsTest() override { fs::remove_all(folder_); }

    std::string write(std::string const& name, std::string const& text) {
        auto const path = (folder_ / name).string();
        std::ofstream(path) << text;
        return path;
    }

    static Settings load(std::map<std::string, std::string> environment,
                         std::optional<std::string> config = {}) {
        auto settings = load_settings({std::move(environment), std::move(config)});
        if (!settings) ADD_FAILURE() << to_text(settings.error());
        return settings.value_or(Settings());
    }

    static std::string problems(std::map<std::string, std::string> environment,
                                std::optional<std::string> config = {}) {
        auto settings = load_settings({std::move(environment), std::move(config)});
        return settings ? "" : to_text(settings.error());
    }

    fs::path folder_;
};

TEST_F(SettingsTest, defaults_need_nothing) {
    auto const settings = load({{"PATH", "/bin"}});
    EXPECT_EQ(settings.http_address, "127.0.0.1");
    EXPECT_EQ(settings.http_port, 8080);
    EXPECT_EQ(settings.public_url, "http://127.0.0.1:8080");
    EXPECT_EQ(settings.database_url, "sqlite:data/mypost.db");
    EXPECT_EQ(settings.storage_url, "file:data/media");
    EXPECT_FALSE(settings.registration);
    EXPECT_TRUE(settings.uses_sqlite());
}

TEST_F(SettingsTest, every_default_passes_its_own_check) {
    for (auto const& setting : settings_table()) {
        if (setting.default_text.empty() || setting.default_text.find('{') != std::string_view::npos)
            continue;
        EXPECT_EQ(problems({{env_name(setting), std::string(setting.default_text)}}), "") << setting.key;
    }
}

TEST_F(SettingsTest, defaults_follow_the_settings_they_name) {
    auto const settings = load({{"MYPOST_HTTP_PORT", "9000"}, {"MYPOST_DATA_DIR", "/srv/mypost"}});
    EXPECT_EQ(settings.public_url, "http://127.0.0.1:9000");
    EXPECT_EQ(settings.database_url, "sqlite:/srv/mypost/mypost.db");
}

TEST_F(SettingsTest, environment_wins_over_file_over_default) {
    auto const config = write("a.toml",
                              "http_port = 9001\nlog_level = \"debug\"\nregistration = true\n"
                              "trusted_proxies = [\"10.0.0.1\", \"10.1.0.0/16\"]\n");
    auto const settings = load({{"MYPOST_HTTP_PORT", "9002"}, {"MYPOST_CONFIG", config}});
    EXPECT_EQ(settings.http_port, 9002);
    EXPECT_EQ(settings.log_level, "debug");
    EXPECT_TRUE(settings.registration);
    EXPECT_THAT(settings.trusted_proxies, testing::ElementsAre("10.0.0.1", "10.1.0.0/16"));
    EXPECT_EQ(settings.sources.at("http_port"), "environment");
    EXPECT_EQ(settings.sources.at("log_level"), config);
    EXPECT_EQ(settings.sources.at("http_address"), "default");
}

TEST_F(SettingsTest, command_line_names_the_file_first) {
    auto const one = write("one.toml", "http_port = 1\n");
    auto const two = write("two.toml", "http_port = 2\n");
    EXPECT_EQ(load({{"MYPOST_CONFIG", one}}, two).http_port, 2);
}

TEST_F(SettingsTest, reads_secrets_from_files) {
    auto const secret_file = write("jwt", std::string(40, 's') + "\n");
    EXPECT_EQ(load({{"MYPOST_JWT_SECRET_FILE", secret_file}}).jwt_secret, std::string(40, 's'));
    auto const config = write("a.toml", "jwt_secret_file = \"" + secret_file + "\"\n");
    EXPECT_EQ(load({}, config).jwt_secret, std::string(40, 's'));
}

TEST_F(SettingsTest, public_url_keeps_its_sub_path) {
    auto const settings = load({{"MYPOST_PUBLIC_URL", "https://example.org:8443/social/"}});
    EXPECT_EQ(settings.public_url, "https://example.org:8443/social");
    EXPECT_EQ(settings.public_origin(), "https://example.org:8443");
    EXPECT_EQ(settings.public_path(), "/social");
    EXPECT_EQ(load({}).public_path(), "");
}

struct BadSetting {
    char const* name;
    std::map<std::string, std::string> environment;
    char const* says;
};
class BadSettings : public testing::TestWithParam<BadSetting> {};

TEST_P(BadSettings, are_named) {
    auto const settings = load_settings({GetParam().environment, {}});
    ASSERT_FALSE(settings);
    EXPECT_THAT(to_text(settings.error()), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Settings, BadSettings,
    testing::Values(
        BadSetting{"unknown", {{"MYPOST_NONSENSE_XYZ", "1"}}, "MYPOST_NONSENSE_XYZ is not a setting"},
        BadSetting{"misspelt", {{"MYPOST_HTPP_PORT", "1"}}, "did you mean MYPOST_HTTP_PORT?"},
        BadSetting{"port_no_number",
                   {{"MYPOST_HTTP_PORT", "80a"}},
                   "MYPOST_HTTP_PORT must be a whole number from 0 to 65535"},
        BadSetting{"port_empty", {{"MYPOST_HTTP_PORT", ""}}, "MYPOST_HTTP_PORT must be a whole number"},
        BadSetting{"port_too_large", {{"MYPOST_HTTP_PORT", "65536"}}, "MYPOST_HTTP_PORT must be"},
        BadSetting{"port_negative", {{"MYPOST_HTTP_PORT", "-1"}}, "MYPOST_HTTP_PORT must be"},
        BadSetting{
            "address", {{"MYPOST_HTTP_ADDRESS", "localhost"}}, "MYPOST_HTTP_ADDRESS must be an IP address"},
        BadSetting{
            "boolean", {{"MYPOST_REGISTRATION", "maybe"}}, "MYPOST_REGISTRATION must be true or false"},
        BadSetting{"choice", {{"MYPOST_LOG_LEVEL", "loud"}}, "must be one of: debug, info, warning, error"},
        BadSetting{
            "url_scheme", {{"MYPOST_PUBLIC_URL", "ftp://x.example"}}, "must begin with http:// or https://"},
        BadSetting{"url_no_url", {{"MYPOST_PUBLIC_URL", "x.example"}}, "MYPOST_PUBLIC_URL must be a URL"},
        BadSetting{"url_query", {{"MYPOST_PUBLIC_URL", "https://x.example/?a"}}, "must not have a query"},
        BadSetting{
            "url_credentials", {{"MYPOST_PUBLIC_URL", "https://a:b@x.example"}}, "must not hold a user name"},
        BadSetting{"networks_elsewhere",
                   {{"MYPOST_NETWORKS_VIA", "http://evil.example"}},
                   "must point to this machine"},
        BadSetting{
            "networks_path", {{"MYPOST_NETWORKS_VIA", "http://127.0.0.1:1/x"}}, "must not have a path"},
        BadSetting{"range",
                   {{"MYPOST_TRUSTED_PROXIES", "10.0.0.0/8,10.0.0.1/8"}},
                   "10.0.0.1/8: must be an IP address"},
        BadSetting{"database", {{"MYPOST_DATABASE_URL", "mysql://x"}}, "MYPOST_DATABASE_URL must be sqlite:"},
        BadSetting{
            "replica_of_sqlite", {{"MYPOST_DATABASE_REPLICA_URL", "postgres://x/y"}}, "needs a PostgreSQL"},
        BadSetting{"pooler_of_sqlite", {{"MYPOST_DATABASE_POOLER", "transaction"}}, "needs a PostgreSQL"},
        BadSetting{"storage", {{"MYPOST_STORAGE_URL", "s3://bucket"}}, "MYPOST_STORAGE_URL must be file:"},
        BadSetting{
            "key", {{"MYPOST_ENCRYPTION_KEY", "c2hvcnQ="}}, "MYPOST_ENCRYPTION_KEY must be 32 random bytes"},
        BadSetting{"jwt", {{"MYPOST_JWT_SECRET", "short"}}, "MYPOST_JWT_SECRET must have at least 32"},
        BadSetting{"missing_file",
                   {{"MYPOST_JWT_SECRET_FILE", "/nowhere"}},
                   "names the file /nowhere, which cannot be read"},
        BadSetting{"twice",
                   {{"MYPOST_DATA_DIR", "x"}, {"MYPOST_DATA_DIR_FILE", "/etc/hostname"}},
                   "MYPOST_DATA_DIR_FILE is set twice"},
        BadSetting{"no_config", {{"MYPOST_CONFIG", "/nowhere.toml"}}, "/nowhere.toml cannot be read"}),
    [](auto const& test) { return test.param.name; });

TEST_F(SettingsTest, says_all_problems_at_once_and_no_secret) {
    auto const config = write("a.toml", "http_prt = 1\nhttp_port = \"x\"\nlog_level = 3\n");
    auto const text = problems({{"MYPOST_ENCRYPTION_KEY", "hunter2"},
                                {"MYPOST_ENCRYPTION_KEYS_OLD", "hunter3"},
                                {"MYPOST_WHAT", ""}},
                               config);
    EXPECT_THAT(text, HasSubstr("http_prt in " + config + " is not a setting; did you mean http_port?"));
    EXPECT_THAT(text, HasSubstr("http_port in " + config + " must be a whole number"));
    EXPECT_THAT(text, HasSubstr("log_level in " + config + " has the wrong type"));
    EXPECT_THAT(text, HasSubstr("MYPOST_WHAT"));
    EXPECT_THAT(text, HasSubstr("MYPOST_ENCRYPTION_KEY must be"));
    EXPECT_THAT(text, Not(HasSubstr("hunter")));
}

TEST_F(SettingsTest, names_the_line_of_broken_toml) {
    auto const config = write("a.toml", "http_port = 1\nlog_level = \n");
    EXPECT_THAT(problems({}, config), HasSubstr("is not TOML: line 2"));
}

TEST_F(SettingsTest, makes_its_keys_once_for_itself_alone) {
    auto settings = load({{"MYPOST_DATA_DIR", (folder_ / "data").string()}});
    ASSERT_TRUE(provide_keys(settings, true).empty());
    EXPECT_NO_THROW(Cipher(settings.cipher_keys().front()));
    EXPECT_GE(settings.jwt_secret.size(), 32U);
    struct stat status{};
    ASSERT_EQ(::stat((folder_ / "data/keys/encryption.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    ASSERT_EQ(::stat((folder_ / "data/keys").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700U);

    auto again = load({{"MYPOST_DATA_DIR", (folder_ / "data").string()}});
    ASSERT_TRUE(provide_keys(again, false).empty());
    EXPECT_EQ(again.encryption_key, settings.encryption_key);
    EXPECT_EQ(again.jwt_secret, settings.jwt_secret);
}

TEST_F(SettingsTest, missing_keys_are_problems_in_production) {
    auto settings = load({{"MYPOST_DATABASE_URL", "postgres://h/d"}, {"MYPOST_DATA_DIR", folder_.string()}});
    auto const text = to_text(provide_keys(settings, true));
    EXPECT_THAT(text, HasSubstr("MYPOST_ENCRYPTION_KEY must be set"));
    EXPECT_THAT(text, HasSubstr("MYPOST_JWT_SECRET must be set"));
    EXPECT_TRUE(fs::is_empty(folder_));

    auto embedded = load({{"MYPOST_DATA_DIR", folder_.string()}});
    EXPECT_EQ(provide_keys(embedded, false).size(), 2U);
    EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(SettingsTest, a_damaged_key_file_is_named) {
    fs::create_directories(folder_ / "keys");
    write("keys/encryption.key", "garbage\n");
    auto settings = load({{"MYPOST_DATA_DIR", folder_.string()}});
    EXPECT_THAT(to_text(provide_keys(settings, true)), HasSubstr("encryption.key must be 32 random bytes"));
}

TEST_F(SettingsTest, listing_masks_secrets_and_passwords) {
    auto const settings =
        load({{"MYPOST_JWT_SECRET", std::string(32, 'q')},
              {"MYPOST_DATABASE_URL", "postgres://me:pass@word@db.example:5432/x?password=zzz&a=b"}});
    std::map<std::string, std::string> values;
    for (auto const& entry : list_settings(settings)) values[entry.env] = entry.value;
    EXPECT_EQ(values.at("MYPOST_JWT_SECRET"), "(set)");
    EXPECT_EQ(values.at("MYPOST_ENCRYPTION_KEY"), "(not set)");
    EXPECT_EQ(values.at("MYPOST_DATABASE_URL"), "postgres://me:***@db.example:5432/x?password=***&a=b");
    EXPECT_EQ(values.at("MYPOST_HTTP_PORT"), "8080");
}

TEST_F(SettingsTest, documentation_is_up_to_date) {
    auto const path = std::string(MYPOST_SOURCE_DIR) + "/docs/configuration.md";
    if (getenv("UPDATE_DOCS") != nullptr) std::ofstream(path) << settings_markdown();
    std::ifstream file(path);
    std::string const text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    EXPECT_TRUE(text == settings_markdown())
        << "run this test with UPDATE_DOCS=1, or mypost doctor --markdown";
}

}  // namespace mypost
