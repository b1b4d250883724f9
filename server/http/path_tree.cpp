#include "http/path_tree.hpp"

#include <fmt/format.h>

#include "core/encoding.hpp"

namespace mypost::http {

namespace {

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (true) {
        auto const slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

}  // namespace

struct PathTree::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::map<Method, Endpoint const*> methods;
};

PathTree::PathTree() : root_(std::make_unique<Node>()) {}
PathTree::~PathTree() = default;

void PathTree::insert(Endpoint const& endpoint) {
    Node* node = root_.get();
    for (auto const segment : split(endpoint.path)) {
        auto& next = is_parameter(segment) ? node->parameter : node->literals[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    if (!node->methods.emplace(endpoint.method, &endpoint).second) {
        throw std::logic_error(
            fmt::format("two routes are {} {}", to_string(endpoint.method), endpoint.path));
    }
}

PathTree::Match PathTree::find(std::string_view path) const {
    Match match;
    std::vector<std::string> segments;
    for (auto const segment : split(path)) {
        auto decoded = percent_decode(segment);
        if (!decoded || !is_valid_utf8(*decoded) || decoded->find('\0') != std::string::npos) return match;
        segments.push_back(std::move(*decoded));
    }
    Node const* node = walk(*root_, segments, 0, match.values);
    if (node) match.methods = &node->methods;
    return match;
}

// As deep as the longest template, since it ends where the tree does.
PathTree::Node const* PathTree::walk(Node const& node, std::vector<std::string> const& segments,
                                     std::size_t at, std::vector<std::string>& values) {
    if (at == segments.size()) return node.methods.empty() ? nullptr : &node;
    auto const literal = node.literals.find(segments[at]);
    if (literal != node.literals.end()) {
        if (auto const* found = walk(*literal->second, segments, at + 1, values)) return found;
    }
    if (!node.parameter || segments[at].empty()) return nullptr;
    values.push_back(segments[at]);
    auto const* found = walk(*node.parameter, segments, at + 1, values);
    if (!found) values.pop_back();
    return found;
}

std::vector<std::string> template_names(std::string_view path) {
    std::vector<std::string> names;
    for (auto const segment : split(path)) {
        if (is_parameter(segment)) names.emplace_back(segment.substr(1, segment.size() - 2));
    }
    return names;
}

}  // namespace mypost::http
