// What publishing changed, as live events.
#pragma once

#include <functional>

#include "events/bus.hpp"
#include "publishing/changes.hpp"

namespace mypost::app {

class LiveEvents final : public publishing::Notifier {
  public:
    explicit LiveEvents(events::EventBus& bus) : bus_(bus) {}

    void changed(publishing::Changes changes) override;

    std::function<void()> on_due;  // something may be due now: the worker sweeps at once

  private:
    events::EventBus& bus_;
};

}  // namespace mypost::app
