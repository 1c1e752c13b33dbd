package cnnlab.plot.sheet;

import static cnnlab.plot.Pixels.count;
import static cnnlab.plot.Pixels.first;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.plot.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final ContactSheet.Shape PIXEL = new ContactSheet.Shape(1, 1, 3);

  @Test
  void placesImagesInRowsAndColumns() {
    byte[] red = {(byte) 200, 10, 20};
    byte[] blue = {10, 20, (byte) 200};
    Picture sheet =
        ContactSheet.draw(
            "a title that is much too long for one line of such a small sheet",
            List.of("one", "two"),
            List.of(new ContactSheet.Row("x", List.of(red, blue))),
            PIXEL);
    assertThat(sheet.width()).isEqualTo(960);
    assertThat(sheet.transparent()).isTrue();
    int half = sheet.height() / 2;
    int left = first(sheet, 0xC80A14, half, sheet.height());
    assertThat(first(sheet, 0x0A14C8, half, sheet.height())).isGreaterThan(left + 100);
    assertThat(count(sheet, 0xC80A14)).isEqualTo(168 * 168);
  }

  @Test
  void mismatchedInputIsRefused() {
    assertThatThrownBy(
            () ->
                ContactSheet.draw(
                    "t",
                    List.of("one"),
                    List.of(new ContactSheet.Row("x", List.of(new byte[2]))),
                    PIXEL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("images of 2 bytes found, expected 1 of 3 bytes");
    assertThatThrownBy(() -> ContactSheet.draw("t", List.of("one"), List.of(), PIXEL))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
