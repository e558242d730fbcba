using System.Text.Json;

namespace Ensen.Web.Edge;

/// <summary>
/// What passkey.js is told: what to ask the device and the ticket to send back with it, or where to go, or what went wrong.
/// </summary>
public sealed record PasskeyTold(JsonElement? Options = null, string? Ticket = null, string? Url = null, string? Message = null);
