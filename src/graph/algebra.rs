//! What a query asks, counted on its algebra after parsing.
//!
//! The optimiser below takes time in the third or fourth power of patterns,
//! path steps and optional blocks; so they are counted first. The depth of
//! the algebra is bounded by the guard on the text, and the thread that walks
//! it has a large stack.

use std::fmt;

use serde::{Deserialize, Serialize};
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, Expression, GraphPattern, OrderExpression, PropertyPathExpression,
};
use thiserror::Error;

use crate::graph::{Limits, QueryError};

/// A query asks more than a limit allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("the query has more than {limit} {measure}")]
pub struct Complexity {
    /// What there is too much of.
    pub measure: Measure,
    /// How much of it is allowed.
    pub limit: usize,
}

/// What is counted in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Measure {
    /// Length of the text.
    Bytes,
    /// Brackets within each other.
    Depth,
    /// Operators and opening brackets.
    Operators,
    /// Triple and path patterns.
    Patterns,
    /// Steps of property paths.
    PathSteps,
    /// Optional, subtracted and lateral blocks.
    Optionals,
    /// Unions.
    Unions,
    /// Rows of inline values.
    ValuesRows,
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bytes => "bytes",
            Self::Depth => "brackets within each other",
            Self::Operators => "operators and brackets",
            Self::Patterns => "triple patterns",
            Self::PathSteps => "steps in property paths",
            Self::Optionals => "OPTIONAL, MINUS and LATERAL blocks",
            Self::Unions => "UNIONs",
            Self::ValuesRows => "rows of VALUES",
        })
    }
}

/// Counts what a query asks, and finds what is not offered.
///
/// # Errors
///
/// [`QueryError::ServiceForbidden`] for `SERVICE`, silent or not;
/// [`QueryError::TooComplex`] for the first limit that is passed.
pub(super) fn check(query: &Query, limits: &Limits) -> Result<(), QueryError> {
    let mut count = Count::default();
    match query {
        Query::Construct { template, pattern, .. } => {
            count.patterns += template.len();
            count.pattern(pattern);
        }
        Query::Select { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => count.pattern(pattern),
    }
    if count.services > 0 {
        return Err(QueryError::ServiceForbidden);
    }
    let table = [
        (count.patterns, limits.max_patterns, Measure::Patterns),
        (count.path_steps, limits.max_path_steps, Measure::PathSteps),
        (count.optionals, limits.max_optionals, Measure::Optionals),
        (count.unions, limits.max_unions, Measure::Unions),
        (count.values_rows, limits.max_values_rows, Measure::ValuesRows),
    ];
    for (found, limit, measure) in table {
        if found > limit {
            return Err(QueryError::TooComplex(Complexity { measure, limit }));
        }
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Count {
    patterns: usize,
    path_steps: usize,
    optionals: usize,
    unions: usize,
    values_rows: usize,
    services: usize,
}

impl Count {
    fn pattern(&mut self, pattern: &GraphPattern) {
        match pattern {
            GraphPattern::Bgp { patterns } => self.patterns += patterns.len(),
            GraphPattern::Path { path, .. } => {
                self.patterns += 1;
                self.path(path);
            }
            GraphPattern::Join { left, right } => {
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.optionals += 1;
                self.pattern(left);
                self.pattern(right);
                self.expressions(expression);
            }
            GraphPattern::Minus { left, right } | GraphPattern::Lateral { left, right } => {
                self.optionals += 1;
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::Union { left, right } => {
                self.unions += 1;
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::Filter { expr, inner } => {
                self.pattern(inner);
                self.expression(expr);
            }
            GraphPattern::Extend { inner, expression, .. } => {
                self.pattern(inner);
                self.expression(expression);
            }
            GraphPattern::OrderBy { inner, expression } => {
                self.pattern(inner);
                for order in expression {
                    let (OrderExpression::Asc(inner) | OrderExpression::Desc(inner)) = order;
                    self.expression(inner);
                }
            }
            GraphPattern::Group { inner, aggregates, .. } => {
                self.pattern(inner);
                for (_, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.expression(expr);
                    }
                }
            }
            GraphPattern::Values { bindings, .. } => self.values_rows += bindings.len(),
            GraphPattern::Service { .. } => self.services += 1,
            GraphPattern::Graph { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner),
        }
    }

    fn path(&mut self, path: &PropertyPathExpression) {
        match path {
            PropertyPathExpression::NamedNode(_) => self.path_steps += 1,
            PropertyPathExpression::NegatedPropertySet(names) => {
                self.path_steps += names.len().max(1);
            }
            PropertyPathExpression::Sequence(left, right)
            | PropertyPathExpression::Alternative(left, right) => {
                self.path(left);
                self.path(right);
            }
            PropertyPathExpression::Reverse(inner)
            | PropertyPathExpression::ZeroOrMore(inner)
            | PropertyPathExpression::OneOrMore(inner)
            | PropertyPathExpression::ZeroOrOne(inner) => self.path(inner),
        }
    }

    fn expressions<'a>(&mut self, expressions: impl IntoIterator<Item = &'a Expression>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::NamedNode(_)
            | Expression::Literal(_)
            | Expression::Variable(_)
            | Expression::Bound(_) => {}
            Expression::Or(left, right)
            | Expression::And(left, right)
            | Expression::Equal(left, right)
            | Expression::SameTerm(left, right)
            | Expression::Greater(left, right)
            | Expression::GreaterOrEqual(left, right)
            | Expression::Less(left, right)
            | Expression::LessOrEqual(left, right)
            | Expression::Add(left, right)
            | Expression::Subtract(left, right)
            | Expression::Multiply(left, right)
            | Expression::Divide(left, right) => {
                self.expression(left);
                self.expression(right);
            }
            Expression::UnaryPlus(inner)
            | Expression::UnaryMinus(inner)
            | Expression::Not(inner) => self.expression(inner),
            Expression::If(condition, yes, no) => {
                self.expression(condition);
                self.expression(yes);
                self.expression(no);
            }
            Expression::In(inner, list) => {
                self.expression(inner);
                self.expressions(list);
            }
            Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
                self.expressions(list);
            }
            Expression::Exists(pattern) => self.pattern(pattern),
        }
    }
}
