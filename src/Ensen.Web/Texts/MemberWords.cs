namespace Ensen.Web.Texts;

/// <summary>The words of the member's pages (texts in MemberWords.resx, Japanese first).</summary>
public sealed class MemberWords;
