// Path templates → endpoints. Literals win over {parameters}; "/posts/validate" beside "/posts/{post}" works.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/endpoint.hpp"

namespace mypost::http {

class PathTree {
  public:
    PathTree();
    ~PathTree();

    // Throws std::logic_error when that method and path are taken.
    void insert(Endpoint const& endpoint);

    struct Match {
        std::map<Method, Endpoint const*> const* methods = nullptr;  // null: no such path
        std::vector<std::string> values;                             // decoded, in the template's order
    };
    // `path` is percent-encoded and begins with '/'.
    Match find(std::string_view path) const;

  private:
    struct Node;
    static Node const* walk(Node const& node, std::vector<std::string> const& segments, std::size_t at,
                            std::vector<std::string>& values);
    std::unique_ptr<Node> root_;
};

// Names in braces, in order.
std::vector<std::string> template_names(std::string_view path);

}  // namespace mypost::http
