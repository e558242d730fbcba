namespace Ensen.Web.Texts;

/// <summary>The words of signing in and registering (texts in JoinWords.resx, Japanese first).</summary>
public sealed class JoinWords;
