//! Axes, planes and shapes of what is drawn.

pub mod axis;
pub mod plane;
pub mod strip;
