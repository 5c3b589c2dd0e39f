namespace Actors.Engine.Files;

/// <summary>Somebody who awaits answers of the engine.</summary>
internal interface IEngineClient
{
    /// <summary>The engine has stopped: nothing that is unanswered now will be answered by an actor.</summary>
    void EndAll(string cause);

    /// <summary>Ends what <see cref="EndAll"/> has left to end by itself. It may still be performed.</summary>
    void Abandon(string cause)
    {
    }
}
