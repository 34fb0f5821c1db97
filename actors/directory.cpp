#include "protocol/command_sink.hpp"
