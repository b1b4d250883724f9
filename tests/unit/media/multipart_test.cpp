#include "media/multipart.hpp"

#include <gtest/gtest.h>

#include "support/run.hpp"

namespace mypost::media {

class FakeBody final : public http::BodyStream {
  public:
    FakeBody(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
    asio::awaitable<Result<std::string>> read() override {
        auto piece = text_.substr(0, piece_);
        text_.erase(0, piece_);
        co_return piece;
    }

  private:
    std::string text_;
    std::size_t piece_;
};

// "name[filename]=content;…", or "error: …".
std::string parse(std::string const& body, std::size_t piece, std::string const& boundary = "B") {
    boost::asio::io_context io;
    auto work = [&]() -> asio::awaitable<std::string> {
        MultipartReader reader(std::make_shared<FakeBody>(body, piece), boundary);
        std::string text;
        for (;;) {
            auto part = co_await reader.next();
            if (!part) co_return "error: " + part.error().message;
            if (!*part) co_return text;
            text += (*part)->name;
            if ((*part)->filename) text += "[" + *(*part)->filename + "]";
            text += "=";
            for (;;) {
                auto bytes = co_await reader.read();
                if (!bytes) co_return "error: " + bytes.error().message;
                if (bytes->empty()) break;
                text += *bytes;
            }
            text += ";";
        }
    };
    return test::run(io, work());
}

std::string const form =
    "--B\r\nContent-Disposition: form-data; name=\"brand_id\"\r\n\r\n123\r\n"
    "--B\r\nContent-Type: image/png\r\ncontent-disposition: FORM-DATA; filename=\"a \\\"b\\\".png\"; "
    "name=\"file\"\r\n\r\n"
    "line\r\n--Not\r\n--\r\n\r\n--B\r\nContent-Disposition: form-data; name=alt\r\n\r\n\r\n--B--\r\n";

TEST(Multipart, reads_forms_however_they_are_cut) {
    for (std::size_t piece = 1; piece < form.size() + 1; ++piece) {
        ASSERT_EQ(parse(form, piece), "brand_id=123;file[a \"b\".png]=line\r\n--Not\r\n--\r\n;alt=;")
            << piece;
    }
}

TEST(Multipart, skips_preamble_and_unread_parts) {
    boost::asio::io_context io;
    auto work = [&]() -> asio::awaitable<std::string> {
        MultipartReader reader(std::make_shared<FakeBody>("preamble\r\n" + form + "epilogue", 7), "B");
        std::string names;
        for (;;) {
            auto part = co_await reader.next();
            if (!part) co_return part.error().message;
            if (!*part) co_return names;
            names += (*part)->name + " ";
        }
    };
    EXPECT_EQ(test::run(io, work()), "brand_id file alt ");
}

TEST(Multipart, refuses_what_is_malformed) {
    for (std::string const& bad : std::vector<std::string>{
             "", "nonsense", "--B", "--B\r\n", "--B\r\n\r\nno name\r\n--B--", form.substr(0, form.size() - 5),
             "--B\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\n1\r\n--B--",
             "--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--",
             "--Bx\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--B--",
             "--B\r\nX: " + std::string(10'000, 'x') + "\r\n\r\n1\r\n--B--"}) {
        EXPECT_TRUE(parse(bad, 5).starts_with("error: ")) << bad.substr(0, 60);
    }
}

TEST(Multipart, finds_the_boundary) {
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), "a b");
    EXPECT_FALSE(multipart_boundary("multipart/form-data"));
    EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary="));
    EXPECT_FALSE(multipart_boundary("application/json; boundary=abc"));
    EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')));
}

}  // namespace mypost::media
