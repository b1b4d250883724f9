// The subcommands of `mypost`. Each returns the process's exit status: 0 well, 1 failed, 2 wrong words or
// settings.
#pragma once

#include <string>
#include <vector>

namespace mypost::app {

using Arguments = std::vector<std::string>;  // without the program and the subcommand

int command_serve(Arguments arguments);   // API, worker and web app; --demo: with sandbox and demo workspace
int command_api(Arguments arguments);     // API and web app
int command_worker(Arguments arguments);  // worker alone
int command_migrate(Arguments arguments);
int command_admin(Arguments arguments);   // create-user, reset-password
int command_doctor(Arguments arguments);  // every setting and backing service, and how to mend what is wrong
int command_openapi(Arguments arguments);
int command_sandbox(Arguments arguments);  // the network simulators alone

}  // namespace mypost::app
