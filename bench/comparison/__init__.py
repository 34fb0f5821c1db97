"""What bench/compare is made of: servers, measures, medians, the table and the chart."""
