namespace Actors.Engine;

/// <summary>
/// The engine cannot start as it is configured. The message says which key, what is wrong with its value, what is
/// legal, and what to do; it is meant to be shown to the user as it is.
/// </summary>
public sealed class FileEngineConfigurationException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">Key, fault, legal values, remedy.</param>
    /// <param name="inner">What was behind it, if anything.</param>
    public FileEngineConfigurationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
