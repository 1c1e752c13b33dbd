package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final ContactSheet.Shape PIXEL = new ContactSheet.Shape(1, 1, 3);

  @Test
  void placesImagesInRowsAndColumns() {
    byte[] red = {(byte) 200, 10, 20};
    byte[] blue = {10, 20, (byte) 200};
    BufferedImage sheet =
        ContactSheet.draw(
            List.of("a title that is much too long for one line of such a small sheet"),
            List.of("one", "two"),
            List.of(new ContactSheet.Row("x", List.of(red, blue))),
            PIXEL);
    int y = sheet.getHeight() - 40;
    assertThat(sheet.getRGB(sheet.getWidth() - 40, y) & 0xFFFFFF).isEqualTo(0x0A14C8);
    assertThat(sheet.getRGB(sheet.getWidth() - 40 - 92, y) & 0xFFFFFF).isEqualTo(0xC80A14);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(
            () ->
                ContactSheet.draw(
                    List.of(),
                    List.of("one"),
                    List.of(new ContactSheet.Row("x", List.of(new byte[2]))),
                    PIXEL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("images of 2 bytes found, 1 of 3 bytes expected");
    assertThatThrownBy(() -> ContactSheet.draw(List.of(), List.of("one"), List.of(), PIXEL))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
