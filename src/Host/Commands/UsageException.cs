namespace Actors.Host.Commands;

/// <summary>
/// What the user asked for cannot be done. The message names the file, key or path, what is legal, and what to do; it
/// is shown as it is, and the process ends with <see cref="ExitCodes.Usage"/>.
/// </summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
