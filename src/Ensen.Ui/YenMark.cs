using Ensen.Basics;

namespace Ensen.Ui;

/// <summary>Where the yen's mark stands in the page's language: 1,200円, ¥1,200.</summary>
public static class YenMark
{
    public static string Before => Languages.Here.YenBefore;

    public static string After => Languages.Here.YenAfter;
}
