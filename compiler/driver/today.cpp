#include <chrono>

#include "driver/command.h"

namespace tunec {

Date today_by_the_clock() {
  const std::chrono::year_month_day day{
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  return {int{day.year()}, static_cast<int>(unsigned{day.month()}), static_cast<int>(unsigned{day.day()})};
}

}  // namespace tunec
