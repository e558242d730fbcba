namespace Ensen.Storage;

/// <summary>The books cannot be kept in this database; the message says why, to whoever started the program.</summary>
public sealed class UnusableDatabaseException(string message, Exception? inner = null) : Exception(message, inner);
