//! QR codes as SVG: always black on white with a quiet zone, so that old scanners read them in every theme.

use qrcode::render::svg;
use qrcode::types::QrError;
use qrcode::{EcLevel, QrCode};

/// The image of a text, error correction level M, a quiet zone of four modules (ISO/IEC 18004).
/// Refuses a text too long for any code.
pub fn svg(text: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    Ok(code
        .render::<svg::Color<'_>>()
        .quiet_zone(true)
        .min_dimensions(240, 240)
        .dark_color(svg::Color("#000000"))
        .light_color(svg::Color("#ffffff"))
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_black_on_white_and_carries_no_style_attribute() {
        let image = svg("http://localhost:8080/x/a.1.b").unwrap();
        assert!(image.contains("#ffffff") && image.contains("#000000"));
        assert!(!image.contains("style="));
        assert!(svg(&"x".repeat(4000)).is_err());
    }
}
