"""A case as an order finds it: locked, admitted, with its engine and its history."""
