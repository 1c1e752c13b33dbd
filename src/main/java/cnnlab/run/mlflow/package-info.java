/** A finished run copied to an MLflow server. */
package cnnlab.run.mlflow;
