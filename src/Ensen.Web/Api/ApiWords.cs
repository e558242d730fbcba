namespace Ensen.Web.Api;

/// <summary>Names the resource files with the errors' texts for people.</summary>
sealed class ApiWords;
