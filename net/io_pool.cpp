#include "net/io_pool.hpp"
