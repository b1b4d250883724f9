#include "unit/sandbox/support.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <stdexcept>

#include "core/encoding.hpp"

namespace mypost::sandbox::testing {

json::value const& Answer::at(std::string_view pointer) const {
    boost::system::error_code error;
    auto const* found = json.find_pointer(pointer, error);
    if (!found) throw std::runtime_error("no " + std::string(pointer) + " in " + body);
    return *found;
}

bool Answer::has(std::string_view pointer) const {
    boost::system::error_code error;
    return json.find_pointer(pointer, error) != nullptr;
}

Bench::Bench(std::optional<std::string> state_file) {
    Sandbox::Options options;
    options.state_file = std::move(state_file);
    options.public_base = "http://127.0.0.1:8090";
    options.seed = 7;
    sandbox_ = std::make_unique<Sandbox>(io_.get_executor(), std::move(options));
    handler_ = sandbox_->handler();
}

Bench::~Bench() = default;

Answer Bench::send(Ask ask) {
    http::Request request;
    request.method = ask.method;
    request.target = ask.target;
    auto const question = ask.target.find('?');
    request.path = ask.target.substr(0, question);
    if (question != std::string::npos) request.query = ask.target.substr(question + 1);
    request.body = std::move(ask.body);
    request.remote_address = "127.0.0.1";
    for (auto& [name, value] : ask.headers) request.headers.set(name, value);
    if (!ask.content_type.empty()) request.headers.set("Content-Type", ask.content_type);
    if (!ask.bearer.empty()) request.headers.set("Authorization", "Bearer " + ask.bearer);
    std::optional<http::Response> response;
    boost::asio::co_spawn(io_, handler_(std::move(request)),
                          [&](std::exception_ptr error, http::Response result) {
                              if (error) std::rethrow_exception(error);
                              response = std::move(result);
                          });
    io_.restart();
    while (!response && io_.run_one() > 0) {
    }
    if (!response) throw std::runtime_error("the handler did not answer");
    Answer answer;
    answer.status = response->status;
    answer.dropped = response->drop_connection;
    answer.headers = response->headers;
    if (auto* text = std::get_if<std::string>(&response->body)) answer.body = *text;
    if (auto* shared = std::get_if<std::shared_ptr<std::string const>>(&response->body))
        answer.body = **shared;
    boost::system::error_code not_json;
    answer.json = json::parse(answer.body, not_json);
    if (not_json) answer.json = nullptr;
    return answer;
}

Answer Bench::get(std::string target, std::string bearer) {
    return send({http::Method::get, std::move(target), "", "", std::move(bearer), {}});
}

Answer Bench::post_json(std::string target, json::value const& body, std::string bearer, Pairs headers) {
    return send({http::Method::post, std::move(target), json::serialize(body), "application/json",
                 std::move(bearer), std::move(headers)});
}

Answer Bench::put_json(std::string target, json::value const& body, std::string bearer) {
    return send({http::Method::put,
                 std::move(target),
                 json::serialize(body),
                 "application/json",
                 std::move(bearer),
                 {}});
}

Answer Bench::post_form(std::string target, Pairs const& fields, std::string bearer, Pairs headers) {
    std::string body;
    for (auto const& [name, value] : fields) {
        body += (body.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    }
    return send({http::Method::post, std::move(target), std::move(body), "application/x-www-form-urlencoded",
                 std::move(bearer), std::move(headers)});
}

Answer Bench::upload(std::string target, std::vector<UploadPart> const& parts, std::string bearer) {
    std::string body;
    for (auto const& part : parts) {
        body += "--edge\r\nContent-Disposition: form-data; name=\"" + part.name + "\"";
        if (!part.filename.empty()) body += "; filename=\"" + part.filename + "\"";
        if (!part.content_type.empty()) body += "\r\nContent-Type: " + part.content_type;
        body += "\r\n\r\n" + part.body + "\r\n";
    }
    body += "--edge--\r\n";
    return send({http::Method::post,
                 std::move(target),
                 std::move(body),
                 "multipart/form-data; boundary=edge",
                 std::move(bearer),
                 {}});
}

Answer Bench::remove(std::string target, std::string bearer) {
    return send({http::Method::delete_, std::move(target), "", "", std::move(bearer), {}});
}

void Bench::advance(double seconds) {
    auto const answer = post_json("/_sandbox/clock", json::object{{"advance_seconds", seconds}});
    if (answer.status != 200) throw std::runtime_error(answer.body);
}

void Bench::setting(std::string_view network, json::value const& body) {
    auto const answer = put_json("/_sandbox/" + std::string(network) + "/settings", body);
    if (answer.status != 200) throw std::runtime_error(answer.body);
}

void Bench::fault(std::string_view network, json::value const& body) {
    auto const answer = post_json("/_sandbox/" + std::string(network) + "/faults", body);
    if (answer.status != 201) throw std::runtime_error(answer.body);
}

json::array Bench::posts(std::string_view network, std::string_view account) {
    auto target = "/_sandbox/" + std::string(network) + "/posts";
    if (!account.empty()) target += "?account=" + percent_encode(account);
    return get(target).at("/data").as_array();
}

std::map<std::string, std::string> location_parameters(Answer const& answer) {
    auto const location = answer.header("Location");
    std::map<std::string, std::string> result;
    auto const question = location.find('?');
    if (question == std::string::npos) return result;
    for (auto& [name, value] : http::parse_form(location.substr(question + 1))) result[name] = value;
    return result;
}

namespace {

std::string big_endian(std::uint32_t number) {
    return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
            static_cast<char>(number)};
}

std::string chunk(std::string const& type, std::string const& data) {
    auto const checked = type + data;
    auto const sum =
        crc32(0, reinterpret_cast<Bytef const*>(checked.data()), static_cast<uInt>(checked.size()));
    return big_endian(static_cast<std::uint32_t>(data.size())) + checked +
           big_endian(static_cast<std::uint32_t>(sum));
}

}  // namespace

std::string png(unsigned width, unsigned height) {
    std::string raw;
    for (unsigned y = 0; y < height; ++y) raw += '\0' + std::string(width, static_cast<char>(y));
    std::string packed(compressBound(raw.size()), '\0');
    auto length = static_cast<uLongf>(packed.size());
    compress(reinterpret_cast<Bytef*>(packed.data()), &length, reinterpret_cast<Bytef const*>(raw.data()),
             raw.size());
    packed.resize(length);
    auto const header = big_endian(width) + big_endian(height) + std::string("\x08\x00\x00\x00\x00", 5);
    return "\x89PNG\r\n\x1A\n" + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", "");
}

std::string gif(unsigned frames) {
    std::string file("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF", 19);
    for (unsigned i = 0; i < frames; ++i)
        file += std::string("\x2C\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00", 15);
    return file + ";";
}

std::string mp4() {
    return std::string("\x00\x00\x00\x18", 4) + "ftypmp42" + std::string(64, '\0');
}

std::string const jpeg_8x8(
    "\xFF\xD8\xFF\xE0\x00\x10\x4A\x46\x49\x46\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xFF\xDB\x00\x43\x00\x10"
    "\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10"
    "\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10"
    "\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\xFF\xC0\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00\xFF\xC4"
    "\x00\x1F\x00\x00\x01\x05\x01\x01\x01\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06"
    "\x07\x08\x09\x0A\x0B\xFF\xC4\x00\xB5\x10\x00\x02\x01\x03\x03\x02\x04\x03\x05\x05\x04\x04\x00\x00\x01\x7D"
    "\x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32\x81\x91\xA1\x08\x23\x42"
    "\xB1\xC1\x15\x52\xD1\xF0\x24\x33\x62\x72\x82\x09\x0A\x16\x17\x18\x19\x1A\x25\x26\x27\x28\x29\x2A\x34\x35"
    "\x36\x37\x38\x39\x3A\x43\x44\x45\x46\x47\x48\x49\x4A\x53\x54\x55\x56\x57\x58\x59\x5A\x63\x64\x65\x66\x67"
    "\x68\x69\x6A\x73\x74\x75\x76\x77\x78\x79\x7A\x83\x84\x85\x86\x87\x88\x89\x8A\x92\x93\x94\x95\x96\x97\x98"
    "\x99\x9A\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\xAA\xB2\xB3\xB4\xB5\xB6\xB7\xB8\xB9\xBA\xC2\xC3\xC4\xC5\xC6\xC7"
    "\xC8\xC9\xCA\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xD9\xDA\xE1\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xF1\xF2\xF3\xF4"
    "\xF5\xF6\xF7\xF8\xF9\xFA\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00\x28\x3F\xFF\xD9",
    332);

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mypost-sandbox-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string TemporaryFolder::path(std::string_view name) const {
    return folder_ + "/" + std::string(name);
}

}  // namespace mypost::sandbox::testing
