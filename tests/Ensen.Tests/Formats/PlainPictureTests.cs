using Ensen.Formats;
using Ensen.Tests.Support;

namespace Ensen.Tests.Formats;

/// <summary>Of a picture the picture is kept: not where it was taken, by whom, and what hides behind its first bytes.</summary>
public class PlainPictureTests
{
    [Fact]
    public void A_plain_picture_stays_as_it_is()
    {
        Read(Pictures.Jpeg).ShouldSatisfyAllConditions(p => p.ContentType.ShouldBe("image/jpeg"), p => p.Image.ShouldBe(Pictures.Jpeg));
        Read(Pictures.Png).ShouldSatisfyAllConditions(p => p.ContentType.ShouldBe("image/png"), p => p.Image.ShouldBe(Pictures.Png));
    }

    [Fact]
    public void What_a_telephone_writes_beside_it_is_left_out_but_for_how_it_was_held()
    {
        Read(Pictures.JpegOfTelephone(1)).Image.ShouldBe(Pictures.Jpeg);
        Read(Pictures.PngOfTelephone()).Image.ShouldBe(Pictures.Png);
        var turned = Read(Pictures.JpegOfTelephone(6)).Image;
        turned.AsSpan().IndexOf("GPS"u8).ShouldBe(-1);
        (turned.Length - Pictures.Jpeg.Length).ShouldBe(36);
        Read(turned).Image.ShouldBe(turned, "it is read again as what it says");
    }

    [Fact]
    public void What_only_begins_as_a_picture_is_none()
    {
        foreach (var bytes in new byte[][]
        {
            [], [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF, .. "<html><script>alert(1)</script>"u8], [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3],
            [0xFF, 0xD8, 0xFF, 0xD9], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. "<html>"u8], [.. "<svg onload=alert(1)>"u8],
            Pictures.Jpeg[..^2], Pictures.Png[..^12], [.. Pictures.Png[..33], .. Pictures.Png[^12..]],
        })
            PlainPicture.Read(bytes).ShouldBeNull(Convert.ToHexString(bytes));
    }

    [Fact]
    public void No_bytes_whatever_break_it()
    {
        var random = new Random(20261130);
        byte[][] seeds = [Pictures.JpegOfTelephone(6), Pictures.PngOfTelephone()];
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = seeds[i % 2].ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (PlainPicture.Read(bytes.AsSpan(0, random.Next(bytes.Length + 1))) is { } plain)
                PlainPicture.Read(plain.Image)!.Image.ShouldBe(plain.Image);
        }
    }

    static PlainPicture Read(byte[] bytes) => PlainPicture.Read(bytes).ShouldNotBeNull();
}
