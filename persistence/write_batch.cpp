#include "persistence/write_batch.hpp"
