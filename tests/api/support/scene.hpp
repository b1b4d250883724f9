// A workspace with one of everything, so that every operation has something to be tried on.
#pragma once

#include "api/support/operations.hpp"
#include "api/support/world.hpp"

namespace mypost::api_test {

struct Scene {
    explicit Scene(InstallationOptions options = {});

    Installation installation;
    World world;
    Document document;
    Place main;   // the brand where everything is
    Place aside;  // another brand of the same workspace
    std::string account;
    std::string post;
    std::string target;
    std::string asset;
    std::string label;
    std::string role;  // a custom one
    std::string connection;
    Person colleague;  // a member with the built-in role Editor
    Samples samples;
    std::vector<std::string> secrets;  // ids and texts that nobody outside the brand may see
};

}  // namespace mypost::api_test
